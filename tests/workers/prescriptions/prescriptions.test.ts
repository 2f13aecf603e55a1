import { env } from 'cloudflare:workers';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { settingsOf } from '../../../src/env.ts';
import { authentic } from '../../../src/features/prescriptions/signed.ts';
import { call, send } from '../../support/api.ts';
import { type Actor, actor, eventually, signedIn } from '../../support/clinic.ts';
import { countedD1 } from '../../support/counted-d1.ts';
import { admin, doctor, patient, unverifiedDoctor } from '../../support/people.ts';
import { codeOf, jwsOf, prescribed, tokenOf } from '../../support/prescriptions.ts';
import { readPdf } from '../../support/read-pdf.ts';
import { visited } from '../../support/visits.ts';

let own: Actor;
let other: Actor;
let nadia: Actor;
beforeAll(async () => {
  const boss = await admin();
  own = actor(await doctor({ licenseNumber: 'BMDC-A-4711' }, 'Rahima Khatun', boss));
  other = actor(await doctor({}, 'Selim Reza', boss));
  nadia = actor(await patient('Nadia Islam'));
  await visited(nadia.id, own.id);
});
afterEach(() => vi.useRealTimers());

const item = {
  drug: 'Amoxicillin',
  strength: '500 mg',
  dose: '1 capsule',
  frequency: 'every 8 hours',
  duration: '7 days',
};
const at = (token: string, more = '') => `/verified-prescriptions/${token}${more}`;
const dispense = (token: string, code: string, pharmacy = 'Lazz Pharma') =>
  send('POST', at(token, '/dispense'), { body: { code, pharmacy } });
const later = (days: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 });
};

test('[RX1] only a verified doctor who treats the patient prescribes, from a visit of theirs that has begun', async () => {
  const order = { patientId: nadia.id, items: [item] };
  expect((await other.act('POST', '/prescriptions', order)).body.code).toBe('not_found');
  const newcomer = actor(await unverifiedDoctor());
  await visited(nadia.id, newcomer.id);
  expect((await newcomer.act('POST', '/prescriptions', order)).body.code).toBe('not_found');
  const foreign = await visited((await patient()).id, own.id);
  expect((await own.act('POST', '/prescriptions', { ...order, appointmentId: foreign })).body.code).toBe('not_found');
  const visit = await visited(nadia.id, own.id, { daysAgo: 90 });
  const made = await own.act('POST', '/prescriptions', { ...order, appointmentId: visit, validDays: 10 });
  expect(made.body).toMatchObject({
    appointmentId: visit,
    state: 'active',
    authentic: true,
    doctorName: 'Rahima Khatun',
  });
  expect(Date.parse(made.body.validUntil) - Date.parse(made.body.issuedAt)).toBe(10 * 86_400_000);
  for (const wrong of [
    { items: [] },
    { items: Array.from({ length: 31 }, () => item) },
    { validDays: 366 },
    { extra: 1 },
  ])
    expect((await own.act('POST', '/prescriptions', { ...order, ...wrong })).status).toBe(400);

  // A visit that has not happened is none to prescribe from, and the latest one is the latest that has.
  const latest = await visited(nadia.id, own.id, { status: 'confirmed', daysAgo: 1 });
  const early = await visited(nadia.id, own.id, { status: 'confirmed', daysAgo: -3 });
  const missed = await visited(nadia.id, own.id, { status: 'no_show', daysAgo: 0.5 });
  const from = (appointmentId: string) => own.act('POST', '/prescriptions', { ...order, appointmentId });
  expect((await from(early)).body).toMatchObject({ status: 409, code: 'too_early' });
  expect((await from(missed)).body).toMatchObject({ status: 409, code: 'invalid_transition' });
  const written = await own.act('POST', '/prescriptions', order);
  expect([written.status, written.body.appointmentId]).toEqual([201, latest]);
  const { id } = made.body;
  expect((await dispense(await tokenOf(id), await codeOf(id))).status).toBe(200);
  const booked = await visited(nadia.id, other.id, { status: 'confirmed', daysAgo: -3 });
  expect((await other.act('GET', `/prescriptions/${id}`)).status).toBe(200);
  for (const none of [other.act('POST', '/prescriptions', order), other.act('POST', `/prescriptions/${id}/renew`, {})])
    expect((await none).body).toMatchObject({ code: 'not_found', detail: 'No visit with them has begun.' });
  await env.DB.prepare('delete from appointments where id = ?').bind(booked).run();
  expect((await own.act('POST', `/prescriptions/${id}/renew`, {})).body.appointmentId).toBe(latest);
});

test('[RX2][RX3] it is signed over all it says, and no signature of one kind passes for the other', async () => {
  const { id } = await prescribed(own, nadia.id);
  const jws = await jwsOf(id);
  const keys = createLocalJWKSet(await (await call('//.well-known/jwks.json')).json());
  const { payload } = await compactVerify(jws, keys);
  expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({
    id,
    patient: { id: nadia.id, name: 'Nadia Islam' },
  });
  expect(decodeProtectedHeader(jws).typ).not.toBe(decodeProtectedHeader(own.token).typ);
  expect((await send('GET', '/patients/me/prescriptions', { as: { token: jws } })).status).toBe(401);
  // An access token in the place of the signature, under the right seal, is not authentic.
  const judged = async (text: string) => (await authentic(database(env.DB), settingsOf(env), [text]))(text);
  expect(await judged(jws)).toBe(true);
  expect(await judged(own.token)).toBe(false);
  const [header, said, signature = ''] = jws.split('.');
  expect(await judged([header, said, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.'))).toBe(
    false,
  );
  expect(await judged('nothing')).toBe(false);
  // The patient takes what was signed along, and not what only the paper has.
  const file = await (await send('GET', '/users/me/export', { as: nadia })).text();
  expect(file).toContain(jws);
  for (const kept of [await tokenOf(id), `"${await codeOf(id)}"`]) expect(file).not.toContain(kept);
});

test('[RX4] it stays authentic when the keys that sign tokens are replaced', async () => {
  const { id } = await prescribed(own, nadia.id);
  const jws = await jwsOf(id);
  const [, second] = JSON.parse(env.JWT_KEYS);
  const replaced = { ...settingsOf(env), jwtKeys: JSON.stringify([{ ...second, kid: 'a-new-one' }]) };
  const again = await jwsOf((await prescribed(own, nadia.id)).id);
  const { db, asks } = countedD1();
  const judged = await authentic(database(db), replaced, [jws, again, 'nothing']);
  expect(await Promise.all([jws, again, 'nothing', own.token].map(judged))).toEqual([true, true, false, false]);
  // Of a whole list the keys of before are one question.
  expect(asks.length).toBe(1);
  await env.DB.prepare('delete from prescription_keys').run();
  expect(await (await authentic(database(env.DB), replaced, [jws]))(jws)).toBe(false);
});

test('[RX6] its doctor cancels it, and what was dispensed or has run out is renewed', async () => {
  const first = await prescribed(own, nadia.id, { validDays: 5 });
  await visited(nadia.id, other.id);
  const reason = 'The culture says otherwise';
  expect((await other.act('POST', `/prescriptions/${first.id}/cancel`, { reason })).body.code).toBe('not_found');
  expect((await own.act('POST', `/prescriptions/${first.id}/renew`, {})).body).toMatchObject({
    ...{ code: 'prescription_not_renewable', state: 'active' },
  });
  const cancelled = await own.act('POST', `/prescriptions/${first.id}/cancel`, { reason });
  expect(cancelled.body).toMatchObject({ state: 'cancelled', cancelReason: reason });
  expect((await own.act('POST', `/prescriptions/${first.id}/cancel`, { reason })).body).toMatchObject({
    ...{ code: 'prescription_not_active', state: 'cancelled' },
  });
  expect((await own.act('POST', `/prescriptions/${first.id}/renew`, {})).body.state).toBe('cancelled');
  const second = await prescribed(own, nadia.id, { validDays: 5 });
  const token = await tokenOf(second.id);
  later(6);
  expect(await (await send('GET', at(token))).json()).toMatchObject({ state: 'expired', authentic: true });
  expect(await (await dispense(token, await codeOf(second.id))).json()).toMatchObject({
    ...{ code: 'prescription_not_active', state: 'expired' },
  });
  vi.useRealTimers();
  expect((await dispense(token, await codeOf(second.id))).status).toBe(200);
  const renewed = await own.act('POST', `/prescriptions/${second.id}/renew`, { validDays: 20 });
  expect(renewed.body).toMatchObject({ renews: second.id, state: 'active', items: [{ drug: 'Paracetamol' }] });
  const listed = await nadia.act('GET', '/patients/me/prescriptions?limit=2');
  expect(listed.body.items[0].id).toBe(renewed.body.id);
  const next = await nadia.act('GET', `/patients/me/prescriptions?limit=2&cursor=${listed.body.nextCursor}`);
  expect(next.body.items.map(({ id }: { id: string }) => id)).not.toContain(renewed.body.id);
});

test('[RX13][RX17] the paper has a code that leads to a page which says no more than it must', async () => {
  const notes = 'After meals, with plenty of water';
  const { id } = await prescribed(own, nadia.id, {
    items: [
      { ...item, notes },
      { ...item, drug: 'Omeprazole' },
    ],
  });
  const printed = await send('GET', `/prescriptions/${id}/prescription.pdf`, { as: nadia });
  expect(printed.headers.get('content-type')).toBe('application/pdf');
  const paper = await readPdf(new Uint8Array(await printed.arrayBuffer()));
  expect(paper).toMatchObject({ title: 'Prescription', language: 'en', pages: 1 });
  const [text = ''] = paper.text;
  const code = await codeOf(id);
  for (const said of [
    'Nadia Islam',
    'Rahima Khatun',
    'BMDC-A-4711',
    'Amoxicillin',
    notes,
    `${code.slice(0, 4)} ${code.slice(4)}`,
  ])
    expect(text).toContain(said);
  const address = paper.qr();
  expect(address).toMatch(/^http:\/\/daybook\.test\/rx\/[\w-]{32}$/);
  const open = (language: string) =>
    call(address.replace('http://daybook.test', '/'), {
      headers: { accept: 'text/html', 'accept-language': language },
    });
  const page = await open('en');
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  for (const said of [
    'is authentic',
    'May be dispensed',
    'Rahima Khatun',
    'BMDC-A-4711',
    'N. I.',
    '<dd>2</dd>',
    '<html lang="en"',
  ])
    expect(html).toContain(said);
  for (const kept of ['Nadia', 'Amoxicillin', 'Omeprazole', notes, code, nadia.id, id, '<script'])
    expect(html).not.toContain(kept);
  expect(await (await open('bn-BD')).text()).toContain('<html lang="bn"');
  const body = await (await send('GET', at(address.slice(-32)))).json<object>();
  expect(body).toMatchObject({ authentic: true, state: 'active', patientInitials: 'N. I.', itemCount: 2 });
  expect(JSON.stringify(body)).not.toMatch(/Nadia|Amoxicillin|u_|rx_/);
});

test('[RX18] whoever else may read it is given a copy, with nothing to dispense it by', async () => {
  const { id } = await prescribed(own, nadia.id);
  const code = await codeOf(id);
  const printedFor = async (as: Actor) => {
    const printed = await send('GET', `/prescriptions/${id}/prescription.pdf`, { as });
    return printed.status === 200 ? readPdf(new Uint8Array(await printed.arrayBuffer())) : printed.status;
  };
  const reader = actor(await doctor({}, 'Farhana Haque'));
  expect(await printedFor(reader)).toBe(404);
  const opened = await reader.act('POST', `/patients/${nadia.id}/break-glass`, { reason: 'Brought in unconscious' });
  expect(opened.status).toBe(201);
  const copies = [await printedFor(reader)];
  await visited(nadia.id, reader.id);
  copies.push(await printedFor(reader));
  for (const copy of copies) {
    if (typeof copy === 'number') throw new Error(`not printed: ${copy}`);
    const text = copy.text.join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('Paracetamol');
    expect(text).toContain('A copy to read: nothing is dispensed from it.');
    expect(text.replaceAll(' ', '')).not.toContain(code);
    expect(() => copy.qr()).toThrow();
  }
  const scanUrlFor = async (as: Actor) =>
    (await (await send('GET', `/prescriptions/${id}`, { as })).json<{ scanUrl: string | null }>()).scanUrl;
  expect(await scanUrlFor(reader)).toBeNull();
  for (const as of [nadia, own]) {
    const whole = await printedFor(as);
    if (typeof whole === 'number') throw new Error(`not printed: ${whole}`);
    expect(whole.text.join(' ')).toContain(`${code.slice(0, 4)} ${code.slice(4)}`);
    expect(whole.qr()).toContain('/rx/');
    expect(await scanUrlFor(as)).toBe(whole.qr());
  }
});

test('[RX19] the paper of what is over says so at the top and the foot, and has nothing to dispense it by', async () => {
  const papers = await Promise.all(Array.from({ length: 3 }, () => prescribed(own, nadia.id, { validDays: 5 })));
  const [dispensed, cancelled, expired] = papers.map(({ id }) => id) as [string, string, string];
  expect((await dispense(await tokenOf(dispensed), await codeOf(dispensed))).status).toBe(200);
  expect((await own.act('POST', `/prescriptions/${cancelled}/cancel`, { reason: 'Another is better' })).status).toBe(
    200,
  );
  const dayAfter = (days: number, locale: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Asia/Dhaka' }).format(
      Date.now() + days * 86_400_000,
    );
  const [today, bnToday, last, bnLast] = [
    ...[dayAfter(0, 'en-GB'), dayAfter(0, 'bn-BD'), dayAfter(5, 'en-GB'), dayAfter(5, 'bn-BD')],
  ];
  later(6);
  const [self, writer] = [await signedIn(nadia.id, 'patient'), await signedIn(own.id, 'doctor')];
  // Where Bengali meets a sign or a figure, its reader finds a space.
  const solid = (text: string): string => text.replaceAll(/\s/g, '');
  const says = async (as: Actor, id: string, ended: string, over: string): Promise<void> => {
    const printed = await send('GET', `/prescriptions/${id}/prescription.pdf`, { as });
    const paper = await readPdf(new Uint8Array(await printed.arrayBuffer()));
    const text = solid(paper.text.join(''));
    expect(text.split(solid(ended)), text).toHaveLength(3);
    expect(text.indexOf(solid(ended))).toBeLessThan(text.indexOf('Paracetamol'));
    expect(text).toContain(solid(over));
    expect(text).toContain(solid(`${ended} · ${id} · Nadia Islam`));
    expect(text).not.toContain(await codeOf(id));
    expect(() => paper.qr()).toThrow();
  };
  for (const as of [self, writer]) {
    await says(as, dispensed, `DISPENSED on ${today}`, 'It can no longer be dispensed.');
    await says(as, cancelled, `CANCELLED on ${today}`, 'It can no longer be dispensed.');
    await says(as, expired, `EXPIRED on ${last}`, 'It can no longer be dispensed.');
  }
  const over = 'এটিতে আর ওষুধ দেওয়া যাবে না।';
  await self.act('PUT', '/users/me/notification-preferences', { locale: 'bn' });
  await says(self, dispensed, `ওষুধ দেওয়া হয়েছে: ${bnToday}`, over);
  await says(self, cancelled, `বাতিল করা হয়েছে: ${bnToday}`, over);
  await says(self, expired, `মেয়াদ শেষ হয়েছে: ${bnLast}`, over);
  await self.act('PUT', '/users/me/notification-preferences', { locale: 'en' });
});

test('[RX5][RX14] a token of nothing, of something else and of who was erased look the same', async () => {
  const gone = actor(await patient('Gone Person'));
  await visited(gone.id, own.id);
  const { id } = await prescribed(own, gone.id, { items: [{ ...item, notes: 'nobody shall read this' }] });
  const token = await tokenOf(id);
  const stored = JSON.stringify(await env.DB.prepare('select * from prescriptions where id = ?').bind(id).first());
  for (const kept of ['Amoxicillin', 'nobody shall', 'Gone', token]) expect(stored).not.toContain(kept);
  expect((await send('GET', at(token))).status).toBe(200);
  await env.DB.prepare('update data_keys set wrapped = null, destroyed_at_ms = 1 where subject_id = ?')
    .bind(gone.id)
    .run();
  const other = token.startsWith('A') ? `B${token.slice(1)}` : `A${token.slice(1)}`;
  const answers = await Promise.all(
    [token, other, 'x', id].map(async (one) => {
      const said = await send('GET', at(one));
      const page = await call(`//rx/${one}`, { headers: { accept: 'text/html' } });
      const html = (await page.text()).replaceAll(/nonce="[^"]+"/g, '');
      return [said.status, (await said.json<{ code: string }>()).code, page.status, html];
    }),
  );
  expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(answers[0]?.slice(0, 3)).toEqual([404, 'not_found', 404]);
  expect((await own.act('GET', `/prescriptions/${id}`)).status).toBe(404);
});

test('[RX15] it is dispensed once, of many at the same moment, and the patient is told', async () => {
  const { id } = await prescribed(own, nadia.id);
  const [token, code] = [await tokenOf(id), await codeOf(id)];
  const many = await Promise.all(Array.from({ length: 4 }, (_, i) => dispense(token, code, `Pharmacy ${i}`)));
  const statuses = many.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 409, 409, 409]);
  const { body } = await own.act('GET', `/prescriptions/${id}`);
  expect(body).toMatchObject({ state: 'dispensed', dispensedBy: expect.stringMatching(/^Pharmacy \d$/) });
  expect((await own.act('POST', `/prescriptions/${id}/cancel`, { reason: 'Too late' })).body.state).toBe('dispensed');
  const { results } = await env.DB.prepare(
    "select count(*) as n from audit_events where action = 'prescription.dispensed' and subject_id = ?",
  )
    .bind(id)
    .all<{ n: number }>();
  expect(results[0]?.n).toBe(1);
  const told = await eventually(
    () => nadia.act('GET', '/notifications?limit=50'),
    ({ body: list }) => list.items.some(({ kind }: { kind: string }) => kind === 'prescription_dispensed'),
  );
  expect(JSON.stringify(told.body)).not.toContain('Paracetamol');
});

test('[RX16] five codes an hour may be tried, also at the same moment, and then not even the right one', async () => {
  const { id } = await prescribed(own, nadia.id);
  const [token, code] = [await tokenOf(id), await codeOf(id)];
  const wrong = code === '00000000' ? '00000001' : '00000000';
  const tries = await Promise.all(Array.from({ length: 7 }, () => dispense(token, wrong)));
  const statuses = tries.map(({ status }) => status).sort();
  expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429]);
  const locked = await dispense(token, code);
  expect(locked.status).toBe(429);
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(3_500);
  const form = () =>
    call(`//rx/${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
      body: new URLSearchParams({ code: `${code.slice(0, 4)} ${code.slice(4)}`, pharmacy: 'Lazz Pharma' }),
    });
  const refused = await form();
  expect([refused.status, (await refused.text()).includes('role="alert"')]).toEqual([429, true]);
  later(1 / 20);
  const done = await form();
  expect([done.status, (await done.text()).includes('marked as dispensed')]).toEqual([200, true]);
});
