import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { sweepPictures } from '../../src/features/profiles/pictures.ts';
import { call, send } from '../support/api.ts';
import { type Actor, actor } from '../support/clinic.ts';
import { admin, doctor, type Person, patient } from '../support/people.ts';
import { chunk, chunksOf, exif, jpeg, png, segment, sendPicture } from '../support/pictures.ts';
import { codeOf } from '../support/search.ts';

let nadia: Person;
let karim: Person;
let rahima: Person;
let boss: Person;
let me: Actor;
beforeAll(async () => {
  [nadia, karim, boss] = [await patient('Nadia Islam'), await patient('Karim Uddin'), await admin()];
  rahima = await doctor({}, 'Dr Rahima', boss);
  me = actor(nadia);
});

const actionsOf = async (id: string): Promise<string[]> => {
  const { results } = await env.DB.prepare('select action from audit_events where stream = ? order by seq')
    .bind(`account:${id}`)
    .all<{ action: string }>();
  return results.map(({ action }) => action);
};

describe('profiles', () => {
  test('[PR1] [PR2] people say who they are', async () => {
    const before = (await me.act('GET', '/users/me')).body;
    expect(before).toMatchObject({ id: nadia.id, email: nadia.email, locale: 'en', timeZone: null, hasPicture: false });
    const edit = { fullName: 'Nadia Rahman', locale: 'bn', timeZone: 'asia/dhaka' };
    const after = { ...before, ...edit, timeZone: 'Asia/Dhaka' };
    expect((await me.act('PUT', '/users/me', edit)).body).toEqual(after);
    expect((await me.act('PUT', '/users/me', { phone: null })).body).toEqual(after);
    expect((await me.act('GET', '/users/me/notification-preferences')).body.locale).toBe('bn');
    for (const wrong of [{}, { phone: '+8801712345678' }, { role: 'admin' }, { timeZone: 'Mars' }, { fullName: '' }]) {
      expect((await me.act('PUT', '/users/me', wrong)).body.code).toBe('invalid_request');
    }
    const renamed = await actor(rahima).act('PUT', '/users/me', { fullName: 'Dr Other' });
    expect([renamed.status, renamed.body.code]).toEqual([409, 'name_on_licence']);
  });

  test('[PR3] an account is its owner’s, and of who manages accounts', async () => {
    const shown = async (as: Person) => (await send('GET', `/users/${nadia.id}`, { as })).status;
    expect([await shown(nadia), await shown(karim), await shown(rahima), await shown(boss)]).toEqual([
      200, 404, 404, 200,
    ]);
    expect(await actionsOf(boss.id)).toContain('account.read');
  });
});

describe('pictures', () => {
  const secret = [...new TextEncoder().encode('GPS 23.74N')];
  const kept = async (id: string): Promise<Uint8Array> => {
    const response = await call(`/users/${id}/picture`);
    expect(response.status).toBe(200);
    return new Uint8Array(await response.arrayBuffer());
  };

  test('[PR4] [PR5] of a JPEG only the picture and its turn are kept', async () => {
    const words = [
      ...exif(6),
      ...segment(0xe1, [...new TextEncoder().encode('http://ns.adobe.com/xap/1.0/'), ...secret]),
      ...segment(0xed, secret),
      ...segment(0xfe, secret),
      ...segment(0xee, [...new TextEncoder().encode('Adobe'), 0, 100, 0, 0, 0, 0, 1]),
    ];
    const sent = jpeg({}, words);
    expect((await sendPicture(rahima, sent)).status).toBe(204);
    const bytes = await kept(rahima.id);
    const text = new TextDecoder('latin1').decode(bytes);
    expect(bytes.length).toBe(sent.length);
    expect(text).not.toMatch(/GPS|ns\.adobe/);
    expect(text).toContain('Exif\0\0MM\0*\0\0\0\b\0\u{1}\u{1}\u{12}\0\u{3}\0\0\0\u{1}\0\u{6}');
    expect(text).toContain('Adobe');
    const plain = jpeg({}, [...segment(0xee, [...new TextEncoder().encode('Adobe'), 0, 100, 0, 0, 0, 0, 1])]);
    // From the frame on, it is what was sent.
    expect([...bytes.slice(-40)]).toEqual([...plain.slice(-40)]);
  });

  test('[PR4] [PR5] of a PNG, too, and what is filled in is right', async () => {
    const words = [
      ...chunk('tEXt', secret),
      ...chunk('eXIf', secret),
      ...chunk('gAMA', [0, 0, 1, 2]),
      ...chunk('acTL', secret),
    ];
    expect((await sendPicture(rahima, png({}, words))).status).toBe(204);
    const chunks = chunksOf(await kept(rahima.id));
    expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'zzZz', 'zzZz', 'gAMA', 'zzZz', 'IDAT', 'IEND']);
    expect(chunks.every(({ isRight }) => isRight)).toBe(true);
    expect(chunks.filter(({ type }) => type === 'zzZz').every(({ data }) => data.every((byte) => byte === 0))).toBe(
      true,
    );
  });

  const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
  const html = [...new TextEncoder().encode('<script>alert(1)</script>')];
  test.each<[string, Uint8Array, string | undefined, string | null | undefined, number, string]>([
    ['a script behind a PNG', png({}, [], html), undefined, undefined, 422, 'unsafe_document'],
    ['a script behind a JPEG', jpeg({}, [], html), undefined, undefined, 422, 'unsafe_document'],
    ['half a PNG', png().slice(0, 50), undefined, undefined, 422, 'unsafe_document'],
    ['half a JPEG', jpeg().slice(0, 40), undefined, undefined, 422, 'unsafe_document'],
    ['a wide PNG', png({ width: 4_097 }), undefined, undefined, 422, 'picture_too_many_points'],
    ['a bomb', png({ width: 0x7fffffff, height: 0x7fffffff }), undefined, undefined, 422, 'picture_too_many_points'],
    ['a high JPEG', jpeg({ height: 4_097 }), undefined, undefined, 422, 'picture_too_many_points'],
    ['an empty one', png({ width: 0 }), undefined, undefined, 422, 'unsafe_document'],
    ['an SVG', svg, 'image/svg+xml', undefined, 415, 'unsupported_document'],
    ['an SVG as PNG', svg, 'image/png', undefined, 415, 'unsupported_document'],
    ['a PNG as JPEG', png(), 'image/jpeg', undefined, 415, 'unsupported_document'],
    ['a PDF', new TextEncoder().encode('%PDF-1.7\n%%EOF\n'), 'application/pdf', undefined, 415, 'unsupported_document'],
    ['one that is too large', png(), undefined, '5000001', 413, 'picture_too_large'],
  ])('[PR4] %s is refused', async (_, bytes, type, length, status, code) => {
    const answer = await sendPicture(karim, bytes, type, length);
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
    expect((await send('GET', '/users/me', { as: karim })).status).toBe(200);
    expect(
      await env.DB.prepare('select count(*) as n from pictures where account_id = ?').bind(karim.id).first('n'),
    ).toBe(0);
  });

  test('[PR6] [PR7] a doctor’s picture is public, a patient’s is not', async () => {
    expect((await sendPicture(nadia, jpeg())).status).toBe(204);
    const shown = async (id: string, as: Person | null) => (await send('GET', `/users/${id}/picture`, { as })).status;
    expect([await shown(nadia.id, nadia), await shown('me', nadia)]).toEqual([200, 200]);
    expect([await shown(nadia.id, null), await shown(nadia.id, karim), await shown(nadia.id, rahima)]).toEqual([
      404, 404, 404,
    ]);
    const at = Math.floor(Date.now() / 60_000 - 60) * 60_000;
    await env.DB.prepare(
      `insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
         outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
       values ('a_pictured', ?, ?, date('now'), ?, ?, 'UTC', 1, 'video', 'completed', 0, 1, 'BDT', 1, 1, 1)`,
    )
      .bind(rahima.id, nadia.id, at, at + 1)
      .run();
    expect([await shown(nadia.id, rahima), await shown(nadia.id, boss)]).toEqual([200, 200]);
    expect([(await actionsOf(rahima.id)).at(-1), (await actionsOf(boss.id)).at(-1)]).toEqual([
      'picture.read',
      'picture.read',
    ]);

    const open = await call(`/users/${rahima.id}/picture`);
    expect(Object.fromEntries(open.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'cache-control': 'public, max-age=300',
      'content-disposition': 'inline; filename="picture"',
    });
    await open.arrayBuffer();
    const etag = open.headers.get('etag') ?? '';
    const again = await call(`/users/${rahima.id}/picture`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), etag.length > 10]).toEqual([304, '', true]);
  });

  test('[PR9] conditions are weighed as RFC 9110 has them: what is had already is 304, what is not there any more 412', async () => {
    expect((await sendPicture(nadia, png())).status).toBe(204);
    const shown = (headers: Record<string, string>) => send('GET', '/users/me/picture', { as: nadia, headers });
    const etag = (await shown({})).headers.get('etag') ?? '';
    const old = '"0123456789abcdef0123456789abcdef"';
    const answers: [headers: Record<string, string>, status: number][] = [
      [{ 'if-match': etag }, 200],
      [{ 'if-match': `${old}, ${etag}` }, 200],
      [{ 'if-match': '*' }, 200],
      [{ 'if-match': old }, 412],
      // A weak tag promises nothing of every byte.
      [{ 'if-match': `W/${etag}` }, 412],
      [{ 'if-match': old, 'if-none-match': etag }, 412],
      [{ 'if-match': etag, 'if-none-match': etag }, 304],
      [{ 'if-none-match': `W/${etag}` }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-none-match': old }, 200],
    ];
    for (const [headers, status] of answers) {
      const answer = await shown(headers);
      const body = await answer.arrayBuffer();
      expect([headers, answer.status, body.byteLength > 0]).toEqual([headers, status, status !== 304]);
    }
    expect(await codeOf(await shown({ 'if-match': old }))).toBe('precondition_failed');

    const puts = (headers: Record<string, string>) => sendPicture(nadia, jpeg(), 'image/jpeg', undefined, headers);
    expect(await codeOf(await puts({ 'if-match': old }))).toBe('precondition_failed');
    expect(await codeOf(await puts({ 'if-none-match': '*' }))).toBe('precondition_failed');
    // Of two at the same moment, the one that arrives while the other is on its way.
    const put = env.DOCUMENTS.put.bind(env.DOCUMENTS);
    vi.spyOn(env.DOCUMENTS, 'put').mockImplementationOnce(async (...sent: Parameters<typeof put>) => {
      expect((await puts({ 'if-match': etag })).status).toBe(204);
      return put(...sent);
    });
    expect(await codeOf(await puts({ 'if-match': etag }))).toBe('precondition_failed');
    vi.restoreAllMocks();
    const removes = (match: string) =>
      send('DELETE', '/users/me/picture', { as: nadia, headers: { 'if-match': match } });
    expect((await removes(etag)).status).toBe(412);
    expect((await removes((await shown({})).headers.get('etag') ?? '')).status).toBe(204);
    expect((await puts({ 'if-match': '*' })).status).toBe(412);
    expect((await puts({ 'if-none-match': '*' })).status).toBe(204);
  });

  test('[PR8] replaced, deleted and erased pictures leave nothing', async () => {
    const files = async () => (await env.DOCUMENTS.list({ prefix: 'pictures/' })).objects.length;
    const sweep = () => sweepPictures(env, Date.now() + 1);
    await sweep();
    const before = await files();
    expect((await sendPicture(karim, png())).status).toBe(204);
    expect((await sendPicture(karim, jpeg())).status).toBe(204);
    expect(await files()).toBe(before + 2);
    expect([await sweep(), await files()]).toEqual([1, before + 1]);
    expect((await send('DELETE', '/users/me/picture', { as: karim })).status).toBe(204);
    expect((await send('GET', '/users/me/picture', { as: karim })).status).toBe(404);
    expect(await codeOf(await send('DELETE', '/users/me/picture', { as: karim }))).toBe('not_found');
    // One that took so long that the sweep had let go of it before it arrived.
    await sweep();
    const put = env.DOCUMENTS.put.bind(env.DOCUMENTS);
    vi.spyOn(env.DOCUMENTS, 'put').mockImplementationOnce(async (...sent: Parameters<typeof put>) => {
      await sweepPictures(env, Date.now() + 16 * 60_000);
      return put(...sent);
    });
    const late = await sendPicture(karim, png());
    vi.restoreAllMocks();
    expect([late.status, await codeOf(late), await files()]).toEqual([422, 'document_incomplete', before]);
    expect((await sendPicture(karim, png())).status).toBe(204);
    const ask = actor(karim);
    const { confirmation } = (await ask.act('POST', `/users/${karim.id}/erasure`, { password: karim.password })).body;
    expect((await ask.act('DELETE', `/users/${karim.id}`, { confirmation })).status).toBe(202);
    await sweep();
    expect(await files()).toBe(before);
  });
});
