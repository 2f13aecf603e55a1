import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { sweepDocuments } from '../../../src/features/doctors/documents.ts';
import { maxFileBytes } from '../../../src/features/doctors/licence-file.ts';
import { call, send } from '../../support/api.ts';
import { signedIn } from '../../support/clinic.ts';
import { fileOf, upload, uploaded } from '../../support/files.ts';
import { admin, type Person, patient, unverifiedDoctor } from '../../support/people.ts';
import { codeOf } from '../../support/search.ts';

let boss: Person;
beforeAll(async () => {
  boss = await admin();
});

const objects = async (): Promise<number> => (await env.DOCUMENTS.list()).objects.length;
const rows = (doctorId: string) =>
  env.DB.prepare('select count(*) as n from licence_documents where doctor_id = ?').bind(doctorId).first<number>('n');

describe('a licence document', () => {
  it.each([
    ['application/pdf', fileOf.pdf()],
    ['image/jpeg', fileOf.jpeg()],
    ['image/png', fileOf.png()],
  ])(
    '[AD1] of type %s comes back as it was sent, as a download that no browser opens under our name',
    async (type, bytes) => {
      const doctor = await unverifiedDoctor();
      const answer = await upload(doctor.id, doctor, bytes, type);
      expect(answer.status).toBe(201);
      const document = await answer.json<{ id: string; bytes: number; sha256: string }>();
      const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      expect(document).toMatchObject({
        mediaType: type,
        bytes: bytes.length,
        sha256: [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      });
      const file = await send('GET', `/doctors/${doctor.id}/documents/${document.id}`, { as: doctor });
      expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
      expect(file.headers.get('content-type')).toBe(type);
      expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="f_[\w-]{16}\.(pdf|jpg|png)"$/);
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      expect(file.headers.get('content-security-policy')).toContain("default-src 'none'; sandbox");
      expect(file.headers.get('cache-control')).toBe('no-store');
    },
  );

  it.each([
    ['HTML that says it is a PDF', 'application/pdf', new TextEncoder().encode('<html><script>alert(1)</script>')],
    ['a PNG that says it is a PDF', 'application/pdf', fileOf.png()],
    ['a PDF that says it is HTML', 'text/html', fileOf.pdf()],
    ['a PDF behind other bytes', 'application/pdf', new TextEncoder().encode(`<script>${'x'.repeat(600)}%PDF-1.7`)],
    ['an SVG', 'image/svg+xml', new TextEncoder().encode('<svg onload="alert(1)"/>')],
    ['half a beginning', 'image/png', new Uint8Array([0x89, 0x50, 0x4e])],
    ['nothing', 'application/pdf', new Uint8Array()],
  ])('[AD2] %s is refused by its first bytes, and nothing is stored', async (_, type, bytes) => {
    const doctor = await unverifiedDoctor();
    const before = await objects();
    const answer = await upload(doctor.id, doctor, bytes, type);
    expect([answer.status, await codeOf(answer)]).toEqual([415, 'unsupported_document']);
    expect([await objects(), await rows(doctor.id)]).toEqual([before, 0]);
  });

  it('[AD2] without a length, over 10 MB, or of another length than it says is refused, and nothing is stored', async () => {
    const doctor = await unverifiedDoctor();
    const before = await objects();
    const big = await upload(doctor.id, doctor, fileOf.pdf(), 'application/pdf', String(maxFileBytes + 1));
    expect([big.status, await codeOf(big)]).toEqual([413, 'document_too_large']);
    const headers = { authorization: `Bearer ${doctor.token}`, 'content-type': 'application/pdf' };
    const stream = new Response(fileOf.pdf()).body?.pipeThrough(new TransformStream()) ?? null;
    const endless = await call(`/doctors/${doctor.id}/documents`, { method: 'POST', headers, body: stream });
    expect([endless.status, await codeOf(endless)]).toEqual([411, 'length_required']);
    for (const wrong of [+5, -5]) {
      const bytes = fileOf.pdf();
      const answer = await upload(doctor.id, doctor, bytes, 'application/pdf', String(bytes.length + wrong));
      expect([answer.status, await codeOf(answer)]).toEqual([422, 'document_incomplete']);
    }
    expect([await objects(), await rows(doctor.id)]).toEqual([before, 0]);
  });

  it('[AD3] of 10 MB streams through, and the eleventh document is refused', async () => {
    const doctor = await unverifiedDoctor();
    const large = new Uint8Array(maxFileBytes);
    large.set(fileOf.pdf());
    expect((await upload(doctor.id, doctor, large)).status).toBe(201);
    for (let i = 0; i < 9; i += 1) await uploaded(doctor);
    const answer = await upload(doctor.id, doctor, fileOf.pdf());
    expect([answer.status, await codeOf(answer)]).toEqual([422, 'too_many_items']);
  });

  it('[AD3] sent twice, or many times at once, is one document and one object', async () => {
    const doctor = await unverifiedDoctor();
    const before = await objects();
    const bytes = fileOf.pdf();
    const answers = await Promise.all([1, 2, 3].map(() => upload(doctor.id, doctor, bytes)));
    const again = await upload(doctor.id, doctor, bytes);
    const ids = await Promise.all([...answers, again].map(async (one) => (await one.json<{ id: string }>()).id));
    expect(new Set(ids).size).toBe(1);
    expect([await objects(), await rows(doctor.id)]).toEqual([before + 1, 1]);
  });

  it('[AD4] is for the doctor and for admins with the permission `doctors`; to all others there is none', async () => {
    const doctor = await unverifiedDoctor();
    const id = await uploaded(doctor);
    const path = `/doctors/${doctor.id}/documents/${id}`;
    const other = await unverifiedDoctor();
    const auditor = await signedIn(boss.id, 'admin', { permissions: ['audit', 'users', 'finance', 'system'] });
    for (const [as, status] of [
      [doctor, 200],
      [boss, 200],
      [other, 404],
      [await patient(), 403],
      [auditor, 403],
      [null, 401],
    ] as const) {
      const answer = await send('GET', path, { as });
      expect(answer.status).toBe(status);
      await answer.body?.cancel();
    }
    expect((await upload(doctor.id, other, fileOf.pdf())).status).toBe(404);
    expect((await upload(doctor.id, boss, fileOf.pdf())).status).toBe(403);
    expect((await send('DELETE', path, { as: other })).status).toBe(404);
    // Another doctor's document under one's own profile is none either.
    expect((await send('GET', `/doctors/${other.id}/documents/${id}`, { as: other })).status).toBe(404);
  });

  it('[AD4] is recorded when it is uploaded, downloaded and deleted; its key in the bucket is shown to nobody', async () => {
    const doctor = await unverifiedDoctor();
    const id = await uploaded(doctor);
    await (await send('GET', `/doctors/${doctor.id}/documents/${id}`, { as: boss })).arrayBuffer();
    const shown = await (await send('GET', `/doctors/${doctor.id}/verification`, { as: boss })).text();
    const key = await env.DB.prepare('select object_key as k from licence_documents where id = ?').bind(id).first('k');
    expect(shown).not.toContain(key);
    expect((await send('DELETE', `/doctors/${doctor.id}/documents/${id}`, { as: doctor })).status).toBe(204);
    const { results } = await env.DB.prepare(
      'select action, actor_id from audit_events where subject_id = ? order by seq',
    )
      .bind(id)
      .all();
    expect(results).toEqual([
      { action: 'document.uploaded', actor_id: doctor.id },
      { action: 'document.read', actor_id: boss.id },
      { action: 'document.deleted', actor_id: doctor.id },
    ]);
    expect(await env.DOCUMENTS.head(key as string)).toBeNull();
  });

  it('[AD5] that a crash left half there, or half deleted, is swept out of the bucket', async () => {
    const doctor = await unverifiedDoctor();
    const [whole, deleted] = [await uploaded(doctor), await uploaded(doctor)];
    await env.DB.prepare('update licence_documents set deleted_at_ms = 1 where id = ?').bind(deleted).run();
    const halfway = vi.spyOn(env.DOCUMENTS, 'put').mockRejectedValue(new Error('R2 is away'));
    expect((await upload(doctor.id, doctor, fileOf.pdf())).status).toBe(500);
    halfway.mockRestore();
    expect(await rows(doctor.id)).toBe(3);
    await sweepDocuments(env, Date.now() + 16 * 60_000);
    const { results } = await env.DB.prepare('select id from licence_documents where doctor_id = ?')
      .bind(doctor.id)
      .all();
    expect(results).toEqual([{ id: whole }]);
  });
});
