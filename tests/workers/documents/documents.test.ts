import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { sweepPatientDocuments } from '../../../src/features/documents/keep.ts';
import { call, send } from '../../support/api.ts';
import { type Actor, actor, signedIn } from '../../support/clinic.ts';
import { dependantOf, doctor, patient as registered } from '../../support/people.ts';
import { everythingInD1, found } from '../../support/storage.ts';
import { visited } from '../../support/visits.ts';
import { joined, pdf, png, pngChunk, sends, sendsFile } from '../../support/whole-files.ts';

let patient: Actor;
let child: string;
let guardian: Actor;
let given: Actor;
let brought: Actor;

beforeAll(async () => {
  patient = actor(await registered());
  child = await dependantOf(patient.id);
  guardian = await signedIn(patient.id, 'patient', { dependantIds: [child] });
  [given, brought] = [actor(await doctor()), actor(await doctor())];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const deletes = async (who: Actor, path: string) => (await send('DELETE', path, { as: who })).status;
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const shares = (id: string, doctorId: string, endsAt = inAnHour()) =>
  patient.act('POST', `/documents/${id}/shares`, { doctorId, endsAt });
const linkOf = async (who: Actor, id: string): Promise<string> => {
  const { status, body } = await who.act('POST', `/documents/${id}/link`);
  expect([status, body.url]).toEqual([201, expect.stringMatching(/^http:\/\/daybook\.test\/api\/v1\/downloads\//)]);
  return body.url.slice(body.url.indexOf('/downloads/'));
};
const uploaded = async (bytes = png()): Promise<string> => (await sendsFile(patient, bytes)).body.id;
const objectOf = async (id: string): Promise<{ key: string; bytes: Uint8Array }> => {
  const key = await env.DB.prepare('select object_key from patient_documents where id = ?')
    .bind(id)
    .first<string>('object_key');
  const object = await env.DOCUMENTS.get(key ?? '');
  return { key: key ?? '', bytes: new Uint8Array((await object?.arrayBuffer()) ?? []) };
};
const idsIn = ({ body }: { body: { items: { id: string }[] } }) => body.items.map(({ id }) => id);

describe('a document', () => {
  test('[DO1] [DO2] is uploaded, named, listed and deleted by the patient or the guardian', async () => {
    const bytes = png();
    const first = await sendsFile(patient, bytes);
    expect(first.body).toMatchObject({
      name: 'Document',
      mediaType: 'image/png',
      bytes: bytes.length,
      appointmentId: null,
    });
    expect((await sendsFile(patient, bytes)).body).toEqual(first.body);
    const { id } = first.body;
    for (const name of [
      '../../etc/passwd',
      'a/b.png',
      'C:\\x',
      'gpj.\u202efdp',
      '.htaccess',
      'a\u0000b',
      ' ',
      'x'.repeat(121),
    ]) {
      const refused = await patient.act('PUT', `/documents/${id}`, { name });
      expect([name, refused.status, refused.body.errors?.[0].path]).toEqual([name, 400, 'name']);
    }
    const named = await patient.act('PUT', `/documents/${id}`, { name: 'Rontgenbild der Lunge, Mai.pdf' });
    expect(named.body).toEqual({ ...first.body, name: 'Rontgenbild der Lunge, Mai.pdf' });
    const ofChild = await sends(guardian, bytes, { type: 'image/png', length: bytes.length, patientId: child });
    expect(ofChild.status).toBe(201);
    expect(idsIn(await guardian.act('GET', `/patients/${child}/documents`))).toEqual([ofChild.body.id]);
    expect((await patient.act('GET', `/documents/${ofChild.body.id}/shares`)).status).toBe(404);
    const download = await call(await linkOf(patient, id));
    expect(download.headers.get('content-disposition')).toBe(
      `attachment; filename="document.png"; filename*=UTF-8''Rontgenbild%20der%20Lunge%2C%20Mai.png`,
    );
    expect(new Uint8Array(await download.arrayBuffer())).toEqual(bytes);
    const { key } = await objectOf(id);
    expect(await deletes(patient, `/documents/${id}`)).toBe(204);
    expect([
      await env.DOCUMENTS.head(key),
      idsIn(await patient.act('GET', `/patients/${patient.id}/documents`)),
    ]).toEqual([null, []]);
  });

  test('[DO8] is sealed in blocks; one that was changed, moved or cut off breaks the download off', async () => {
    const words = 'A finding that nobody else may read';
    const whole = png(2, 2, pngChunk('tEXt', joined(words.repeat(5_000))));
    const id = await uploaded(whole);
    await patient.act('PUT', `/documents/${id}`, { name: 'A name that nobody else may read' });
    const { key, bytes } = await objectOf(id);
    expect(found(new TextDecoder('latin1').decode(bytes), [words.slice(0, 12), 'IHDR', 'IDAT'])).toEqual([]);
    expect(found(await everythingInD1(), ['A name that nobody'])).toEqual([]);
    const block = 65_536 + 16;
    const changed = bytes.slice();
    changed[100] = (changed[100] ?? 0) ^ 1;
    const moved = joined(bytes.slice(block, 2 * block), bytes.slice(0, block), bytes.slice(2 * block));
    for (const broken of [changed, moved, bytes.slice(0, 2 * block), bytes.slice(block), bytes.slice(0, -1)]) {
      await env.DOCUMENTS.put(key, broken);
      const answer = await call(await linkOf(patient, id));
      await expect(answer.arrayBuffer()).rejects.toThrow();
    }
    await env.DOCUMENTS.put(key, bytes);
    expect((await (await call(await linkOf(patient, id))).arrayBuffer()).byteLength).toBe(whole.length);
  });

  test('[DO9] [DO11] is read by a doctor to whom it was given or brought, while that lasts; each look is told', async () => {
    const [shared, taken, other] = [await uploaded(), await uploaded(), await uploaded(pdf('<< >>'))];
    const list = async (who: Actor) => who.act('GET', `/patients/${patient.id}/documents`);
    expect([(await list(given)).status, (await list(brought)).status]).toEqual([404, 404]);
    const visit = await visited(patient.id, brought.id);
    expect((await patient.act('PUT', `/documents/${taken}`, { appointmentId: visit })).body.appointmentId).toBe(visit);
    const notMine = await patient.act('PUT', `/documents/${taken}`, {
      appointmentId: await visited(child, brought.id),
    });
    expect(notMine.body.errors[0].path).toBe('appointmentId');
    const share = await shares(shared, given.id);
    expect([share.status, share.body.doctorId]).toEqual([201, given.id]);
    const { kind, documentId, text, appointmentId } = (await given.act('GET', '/notifications')).body.items[0];
    expect([kind, documentId, appointmentId]).toEqual(['document_shared', shared, null]);
    expect(text).toMatch(/^You can read it in Daybook until this time\.\n\n[^\n]+ Bangladesh Standard Time$/);
    expect((await given.act('GET', `/documents/${shared}`)).body).toMatchObject({ id: shared, patientId: patient.id });
    expect([idsIn(await list(given)), idsIn(await list(brought))]).toEqual([[shared], [taken]]);
    expect((await given.act('POST', `/documents/${other}/link`)).status).toBe(404);
    expect(await deletes(given, `/documents/${shared}`)).toBe(403);
    const [link, visitLink] = [await linkOf(given, shared), await linkOf(brought, taken)];
    for (const one of [link, visitLink]) expect((await call(one)).status).toBe(200);
    const log = (await patient.act('GET', '/users/me/access-log')).body.items;
    expect(log.map(({ action, why }: { action: string; why: string }) => `${action} ${why}`)).toEqual(
      expect.arrayContaining(['patient_document.read treatment', 'patient_documents.listed treatment']),
    );
    expect(await deletes(patient, `/documents/${shared}/shares/${given.id}`)).toBe(204);
    expect([(await call(link)).status, (await list(given)).status]).toEqual([404, 404]);
    await patient.act('PUT', `/documents/${taken}`, { appointmentId: null });
    expect([(await call(visitLink)).status, idsIn(await list(brought))]).toEqual([404, []]);
    await shares(shared, given.id);
    const again = await linkOf(given, shared);
    // A doctor who loses the verification loses what was given to one.
    const verified = (atMs: number | null) =>
      env.DB.prepare('update doctors set verified_at_ms = ? where id = ?').bind(atMs, given.id).run();
    await verified(null);
    expect([(await call(again)).status, (await list(given)).status]).toEqual([404, 404]);
    expect((await given.act('GET', `/documents/${shared}`)).status).toBe(404);
    await verified(1);
    expect([(await call(again)).status, idsIn(await list(given))]).toEqual([200, [shared]]);
    await env.DB.prepare('update document_shares set ends_at_ms = ?')
      .bind(Date.now() - 1)
      .run();
    expect((await call(again)).status).toBe(404);
    const opening = await given.act('POST', `/patients/${patient.id}/break-glass`, {
      reason: 'Brought in unconscious',
    });
    expect(opening.status).toBe(201);
    expect(idsIn(await list(given))).toEqual(expect.arrayContaining([other, taken, shared]));
  });

  test('[DO10] has links for five minutes that nobody can make, as downloads that are never shown', async () => {
    const id = await uploaded();
    const link = await linkOf(patient, id);
    const answer = await call(link);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    });
    const token = link.slice(link.lastIndexOf('/') + 1);
    const [document, account, expires, mac] = token.split('.') as [string, string, string, string];
    const other = (await uploaded()).slice(2);
    for (const forged of [
      [other, account, expires, mac],
      [document, given.id.slice(2), expires, mac],
      [document, account, (Number.parseInt(expires, 36) + 60_000).toString(36), mac],
      [document, account, expires, mac.replace(/^./, (char) => (char === 'A' ? 'B' : 'A'))],
    ]) {
      expect((await call(`/downloads/${forged.join('.')}`)).status).toBe(404);
    }
    await env.DB.prepare('update accounts set deactivated_at_ms = 1 where id = ?').bind(patient.id).run();
    expect((await call(link)).status).toBe(404);
    await env.DB.prepare('update accounts set deactivated_at_ms = null where id = ?').bind(patient.id).run();
    expect((await call(link)).status).toBe(200);
    vi.useFakeTimers({ now: Number.parseInt(expires, 36), toFake: ['Date'] });
    expect((await call(link)).status).toBe(404);
  });

  test('[DO12] has a place among 200, and is given to 20 doctors for a year', async () => {
    const id = await uploaded();
    const late = await shares(id, given.id, new Date(Date.now() + 367 * 86_400_000).toISOString());
    expect(late.body.errors[0].path).toBe('endsAt');
    expect((await shares(id, patient.id)).body.code).toBe('unknown_doctor');
    const twenty = JSON.stringify(Array.from({ length: 20 }, (_, i) => `u_doctor${i}`));
    await env.DB.prepare(
      `insert into document_shares (document_id, doctor_id, patient_id, shared_at_ms, ends_at_ms) select ?, value, ?, 0, ? from json_each(?)`,
    )
      .bind(id, patient.id, Date.now() + 60_000, twenty)
      .run();
    expect((await shares(id, given.id)).body.code).toBe('too_many_items');
    await env.DB.prepare('update patient_documents set bytes = 499999999 where id = ?').bind(id).run();
    const full = await sendsFile(patient, png());
    expect([full.status, full.body.code]).toEqual([422, 'document_limit']);
    await env.DB.prepare('delete from patient_documents where id = ?').bind(id).run();
  });
});

describe('large files', () => {
  test('[DO13] pass in blocks, in and out, and never lie in memory as a whole', async () => {
    const noise = new Uint8Array(2_000_000);
    for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
    const bytes = png(2, 2, pngChunk('zTXt', noise));
    const sealed = vi.spyOn(crypto.subtle, 'encrypt');
    const { status, body } = await sendsFile(patient, bytes);
    expect([status, body.bytes]).toEqual([201, bytes.length]);
    const sizes = sealed.mock.calls.map(([, , data]) => data.byteLength).filter((size) => size > 1_000);
    expect([Math.max(...sizes), sizes.length]).toEqual([65_536, Math.ceil(bytes.length / 65_536)]);
    const back = new Uint8Array(await (await call(await linkOf(patient, body.id))).arrayBuffer());
    expect(back.length === bytes.length && back.every((byte, i) => byte === bytes[i])).toBe(true);
    await deletes(patient, `/documents/${body.id}`);
  });

  test('[DO14] what broke off is swept, and so is what a bucket did not take', async () => {
    const put = vi.spyOn(env.DOCUMENTS, 'put').mockRejectedValue(new Error('the bucket is out of reach'));
    const remove = vi.spyOn(env.DOCUMENTS, 'delete').mockRejectedValue(new Error('the bucket is out of reach'));
    const { status } = await sendsFile(patient, png());
    expect(status).toBe(500);
    put.mockRestore();
    remove.mockRestore();
    const unfinished = () =>
      env.DB.prepare('select count(*) as n from patient_documents where stored_at_ms is null').first<number>('n');
    expect(await unfinished()).toBe(1);
    await sweepPatientDocuments(env, Date.now());
    expect(await unfinished()).toBe(1);
    await sweepPatientDocuments(env, Date.now() + 16 * 60_000);
    expect(await unfinished()).toBe(0);
  });
});
