import { env } from 'cloudflare:workers';
import { beforeAll, expect, test, vi } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import { settingsOf } from '../../../src/env.ts';
import { authentic } from '../../../src/features/prescriptions/signed.ts';
import { type Actor, actor, practice, signedIn } from '../../support/clinic.ts';
import { dependantOf, doctor, patient as registered } from '../../support/people.ts';
import { jwsOf, prescribed } from '../../support/prescriptions.ts';
import { visited } from '../../support/visits.ts';
import { web } from '../../support/web.ts';
import { png, sends } from '../../support/whole-files.ts';

let guardian: Actor;
let child: string;
let treating: Actor;
let other: Actor;
let stranger: Actor;
let visit: string;
let otherVisit: string;
const chart = (appointmentId = visit, of = child) => `/patients/${of}/chart?appointmentId=${appointmentId}`;
const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);

/** A child with a record, seen by two doctors; to each a document was brought, and one is for nobody. */
beforeAll(async () => {
  const person = await registered();
  child = await dependantOf(person.id);
  guardian = await signedIn(person.id, 'patient', { dependantIds: [child] });
  [treating, other, stranger] = [actor(await doctor()), actor(await doctor()), actor(await doctor())];
  visit = await visited(child, treating.id);
  otherVisit = await visited(child, other.id);
  await guardian.act('PUT', `/patients/${child}/profile`, {
    allergies: [{ name: 'Penicillin' }],
    birthDate: '2019-05-01',
  });
  await guardian.act('POST', `/patients/${child}/history`, { category: 'condition', title: 'Asthma' });
  await treating.act('POST', `/appointments/${visit}/note`, { text: 'Wheezing at night' });
  await treating.act('POST', `/appointments/${visit}/note/amendments`, {
    text: 'At dawn',
    reason: 'A slip',
    amends: 1,
  });
  await other.act('POST', `/appointments/${otherVisit}/note`, { text: 'A rash' });
  for (const [by, at] of [
    [treating, visit],
    [other, otherVisit],
  ] as const)
    await prescribed(by, child, { appointmentId: at });
  for (const at of [visit, otherVisit, null]) {
    const bytes = png();
    const { body } = await sends(guardian, bytes, { type: 'image/png', length: bytes.length, patientId: child });
    await guardian.act('PUT', `/documents/${body.id}`, { name: 'Blood count', appointmentId: at });
  }
});

test('[RC13] a chart says what the lists say, to whoever may read them', async () => {
  for (const [who, documents] of [
    [guardian, 3],
    [treating, 1],
    [other, 1],
  ] as const) {
    const shown = await who.act('GET', chart());
    const [profile, records, prescriptions, files, note] = await Promise.all(
      ['profile', 'records', 'prescriptions', 'documents']
        .map((part) => `/patients/${child}/${part}`)
        .concat(`/appointments/${visit}/note`)
        .map(async (path) => (await who.act('GET', path)).body),
    );
    expect(shown.body).toEqual({
      ...{ patientId: child, profile, note, followUp: null },
      ...{ entries: records.items, prescriptions: prescriptions.items, documents: files.items },
    });
    expect([records.items.length, prescriptions.items.length, files.items.length]).toEqual([3, 2, documents]);
    expect(note.versions.map(({ text }: { text: string }) => text)).toEqual(['At dawn', 'Wheezing at night']);
  }
});

test('[RC13] it holds the latest of each, and the note of no visit but the one that was named', async () => {
  const [busy, doctorOf] = [await registered(), actor(await doctor())];
  const self = actor(busy);
  const seen = await visited(busy.id, doctorOf.id);
  for (let i = 0; i < 22; i++)
    await self.act('POST', `/patients/${busy.id}/history`, { category: 'other', title: `Entry ${i}` });
  for (let i = 0; i < 11; i++) await prescribed(doctorOf, busy.id, { appointmentId: seen });
  for (const named of ['', `?appointmentId=${seen}`, `?appointmentId=${visit}`, '?appointmentId=a_none']) {
    const { status, body } = await doctorOf.act('GET', `/patients/${busy.id}/chart${named}`);
    expect([status, body.entries.length, body.prescriptions.length, body.note]).toEqual([200, 20, 10, null]);
    expect(body.entries[0].history.title).toBe('Entry 21');
  }
  // A visit of somebody else whom one treats as well is still not in this patient's chart.
  await visited(busy.id, treating.id);
  expect((await treating.act('GET', chart(visit, busy.id))).body.note).toBeNull();
  expect((await doctorOf.act('GET', `/patients/${busy.id}/chart?appointmentId=${'a'.repeat(65)}`)).status).toBe(400);
});

test('[RC13] a summary is what there is to one visit: the documents are for whom they were brought to', async () => {
  const lists = (await guardian.act('GET', chart())).body;
  const of = (items: readonly { readonly id: string; readonly appointmentId: string | null }[], at: string) =>
    idsOf(items.filter(({ appointmentId }) => appointmentId === at));
  for (const [who, at, ownDocuments] of [
    [guardian, visit, true],
    [guardian, otherVisit, true],
    [treating, visit, true],
    [treating, otherVisit, false],
  ] as const) {
    const { status, body } = await who.act('GET', `/appointments/${at}/summary`);
    expect([status, body.patientId, body.appointmentId, body.followUp]).toEqual([200, child, at, null]);
    expect(body.note).toEqual((await who.act('GET', `/appointments/${at}/note`)).body);
    expect(idsOf(body.prescriptions)).toEqual(of(lists.prescriptions, at));
    expect(idsOf(body.documents)).toEqual(ownDocuments ? of(lists.documents, at) : []);
  }
});

test('[RC13] there is a summary from the moment of booking on, and its proposal is for the two it concerns', async () => {
  const clinic = await practice();
  const nadia = actor(await registered());
  const { id, startsAt } = (await nadia.holds(await clinic.slot('09:00'))).body;
  // The hold is in no database yet, or may not be: its day knows it.
  await env.DB.prepare('delete from appointments where id = ?').bind(id).run();
  const early = await nadia.act('GET', `/appointments/${id}/summary`);
  expect([early.status, early.body]).toEqual([
    200,
    { appointmentId: id, patientId: nadia.id, note: null, prescriptions: [], documents: [], followUp: null },
  ]);
  expect((await guardian.act('GET', `/appointments/${id}/summary`)).status).toBe(404);
  const next = (await nadia.holds(await clinic.slot('09:30'))).body.id;
  await nadia.confirms(next);
  const isThere = () => env.DB.prepare('select 1 as n from appointments where id = ? and status = ?');
  await vi.waitFor(async () => expect(await isThere().bind(next, 'confirmed').first('n')).toBe(1), { timeout: 10_000 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(startsAt) + 45 * 60_000 });
  try {
    const [self, own] = [await signedIn(nadia.id, 'patient'), await signedIn(clinic.doctor.id, 'doctor')];
    const proposal = { from: clinic.date, to: clinic.date, note: 'To hear the lungs' };
    expect((await own.act('POST', `/appointments/${next}/follow-up`, proposal)).status).toBe(201);
    for (const who of [self, own])
      expect((await who.act('GET', `/appointments/${next}/summary`)).body.followUp).toMatchObject({
        ...{ note: 'To hear the lungs', state: 'open' },
        slots: expect.arrayContaining([expect.objectContaining({ mode: 'in_person' })]),
      });
    const ofDoctor = async () => (await own.act('GET', chart(next, nadia.id))).body.followUp;
    expect(await ofDoctor()).toMatchObject({ note: 'To hear the lungs', state: 'open' });
    await visited(nadia.id, treating.id);
    const third = await signedIn(treating.id, 'doctor');
    for (const path of [`/appointments/${next}/summary`, chart(next, nadia.id)])
      expect((await third.act('GET', path)).body.followUp).toBeNull();
    // [VS6] Another visit before the proposed dates is none that was proposed.
    const later = addDays(clinic.date, 2);
    expect((await own.act('POST', `/appointments/${next}/follow-up`, { from: later, to: later })).status).toBe(201);
    for (const [on, time, state] of [
      [clinic.date, '11:00', 'open'],
      [later, '09:00', 'booked'],
    ] as const) {
      const slot = (await clinic.slotsOn(on)).find(({ localStart }) => localStart.endsWith(`T${time}`));
      const { id: other } = (await self.holds(slot?.id ?? '')).body;
      expect((await self.confirms(other)).status).toBe(200);
      await vi.waitFor(async () => expect(await isThere().bind(other, 'confirmed').first('n')).toBe(1), {
        timeout: 10_000,
      });
      expect((await ofDoctor()).state).toBe(state);
    }
  } finally {
    vi.useRealTimers();
  }
});

test('[AU13] a guardian sees who looked at the record of a child, but for their own looks, page by page', async () => {
  await treating.act('GET', chart());
  await guardian.act('GET', chart());
  await other.act('GET', `/appointments/${otherVisit}/summary`);
  const path = `/patients/${child}/access-log`;
  const first = (await guardian.act('GET', `${path}?limit=1`)).body;
  expect(first.items).toMatchObject([{ action: 'visit_summary.read', role: 'doctor', why: 'treatment' }]);
  const { items } = (await guardian.act('GET', `${path}?limit=100&cursor=${first.nextCursor}`)).body;
  expect(items[0]).toMatchObject({ action: 'chart.read', role: 'doctor', why: 'treatment' });
  expect(items.filter(({ role }: { role: string }) => role === 'patient')).toEqual([]);
  const nobody = actor(await registered());
  expect((await nobody.act('GET', path)).status).toBe(404);
  expect((await treating.act('GET', path)).status).toBe(403);
  // That the guardian looked is kept all the same.
  const kept = 'select count(*) as n from audit_events where actor_id = ? and action = ?';
  expect(await env.DB.prepare(kept).bind(guardian.id, 'chart.read').first<number>('n')).toBeGreaterThan(0);
  const browser = web();
  browser.jar.set('daybook-access', guardian.token);
  const html = await (await browser.opens(`/family/${child}/looks`)).text();
  expect(html).toMatch(
    /Who looked at the record of Tuli Islam.*What came of a visit.*prescriptions and the list of documents/s,
  );
  expect(await (await browser.opens('/family')).text()).toContain(`href="/family/${child}/looks"`);
  expect((await browser.opens(`/family/${treating.id}/looks`)).status).toBe(404);
});

test('[RC13] who may not read the record gets neither; each look of somebody else is one, by whom and why', async () => {
  const desk = await signedIn('u_AAAAAAAAAAAAAADG', 'staff', { clinicIds: ['c_AAAAAAAAAAAAAAAA'] });
  const paths = [chart(), `/appointments/${visit}/summary`];
  for (const path of paths) {
    expect((await stranger.act('GET', path)).status).toBe(404);
    expect((await desk.act('GET', path)).status).toBe(403);
  }
  expect((await guardian.act('GET', '/appointments/a_none/summary')).status).toBe(404);
  const seen = actor(await doctor());
  const looked = await visited(child, seen.id);
  const count = async () => {
    const { results } = await env.DB.prepare('select action, data from audit_events where actor_id = ? order by seq')
      .bind(seen.id)
      .all<{ action: string; data: string }>();
    return results
      .filter(({ action }) => action.endsWith('.read'))
      .map(({ action, data }) => [action, JSON.parse(data)]);
  };
  await seen.act('GET', chart(looked));
  await seen.act('GET', `/appointments/${looked}/summary`);
  const why = { why: 'treatment', patientIds: [child] };
  expect(await count()).toEqual([
    ['chart.read', expect.objectContaining(why)],
    ['visit_summary.read', expect.objectContaining(why)],
  ]);
  const reason = 'Brought in unconscious';
  for (const id of [child, guardian.id])
    expect((await stranger.act('POST', `/patients/${id}/break-glass`, { reason })).status).toBe(201);
  const opened = (await stranger.act('GET', chart())).body;
  expect([opened.documents.length, opened.note.versions.length]).toEqual([3, 2]);
  await stranger.act('GET', chart(visit, guardian.id));
  const { items } = (await guardian.act('GET', '/users/me/access-log')).body;
  expect(items.map(({ action, why: by }: Record<string, string>) => [action, by])).toContainEqual([
    'chart.read',
    'break_glass',
  ]);
});

test('[RC13] what cannot be read of a visit hides nothing else, and is not said to be missing', async () => {
  const [nadia, own] = [actor(await registered()), actor(await doctor())];
  const done = await visited(nadia.id, own.id, { daysAgo: 1 });
  await own.act('POST', `/appointments/${done}/note`, { text: 'Wheezing at night' });
  const { id } = await prescribed(own, nadia.id, { appointmentId: done });
  const page = async (who: Actor, path: string) => {
    const browser = web();
    browser.jar.set('daybook-access', who.token);
    const answer = await browser.opens(path);
    return { status: answer.status, text: (await answer.text()).replaceAll(/<[^>]*>/g, ' ') };
  };
  expect((await page(nadia, `/appointments/${done}`)).text).toMatch(/Wheezing at night.*Paracetamol/s);
  // A key of before that cannot be read makes what it signed not authentic, and nothing else.
  await env.DB.prepare(
    `insert into prescription_keys (kid, jwk, first_used_at_ms) values ('broken', 'nonsense', 1)`,
  ).run();
  const jws = `${btoa(JSON.stringify({ alg: 'ES256', typ: 'prescription+jws', kid: 'broken' }))}.e30.AAAA`;
  const judged = await authentic(database(env.DB), settingsOf(env), [jws, await jwsOf(id)]);
  expect(await Promise.all([judged(jws), judged(await jwsOf(id))])).toEqual([false, true]);
  await env.DB.prepare('update prescriptions set content = ? where id = ?').bind('AAAA', id).run();
  const broken = await page(nadia, `/appointments/${done}`);
  expect([broken.status, broken.text]).toEqual([200, expect.stringMatching(/cannot be shown just now/)]);
  // What is none of theirs is no question whether to complete it.
  expect((await page(own, '/day/a_none/complete')).status).toBe(404);
  expect((await page(stranger, `/day/${done}/complete`)).status).toBe(404);
  await env.DB.prepare('update doctors set verified_at_ms = null where id = ?').bind(own.id).run();
  const closed = await page(own, `/day/${done}/complete`);
  expect([closed.text.includes('Nothing was prescribed'), closed.text.includes('No note')]).toEqual([true, false]);
});
