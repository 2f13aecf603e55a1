import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type SecurityEvent, securityLog } from '../../../src/http/security-event.ts';
import { type Actor, actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { mailbox, mailTo } from '../../support/mailbox.ts';
import { doctor, type Person, patient, unverifiedDoctor } from '../../support/people.ts';

const words = { reason: 'A lump that nobody knows of', symptoms: 'Pain at night for a month' };
const emergency = { reason: 'Brought in unconscious, allergies unknown' };

let heart: Awaited<ReturnType<typeof practice>>;
let nadia: Person & Actor;
let visit: string;

const both = <P extends Person>(person: P): P & Actor => ({ ...person, ...actor(person) });
const newDoctor = async () => both(await doctor({}, 'Selim Reza', heart.admin as unknown as Person));
const opens = (who: Actor, patientId: string, body: unknown = emergency) =>
  who.act('POST', `/patients/${patientId}/break-glass`, body);

beforeAll(async () => {
  heart = await practice({ shape: { start: '00:00', end: '23:30' } });
  nadia = both(await patient('Nadia Islam'));
  visit = (await nadia.holds(await heart.slot('09:00'), words)).body.id;
  await nadia.confirms(visit);
  await eventually(
    () => nadia.lists(),
    ({ body }) => body.items.length === 1,
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a doctor without relation to a patient', () => {
  test('[AC33] sees nothing before, reads with words once the glass is broken, and nothing at the end of the hour', async () => {
    const selim = await newDoctor();
    expect((await selim.reads(visit)).status).toBe(404);
    expect((await selim.lists(`?patientId=${nadia.id}`)).body.items).toEqual([]);

    const opened = await opens(selim, nadia.id);
    expect(opened).toMatchObject({ status: 201, body: { patientId: nadia.id } });
    const endsAtMs = Date.parse(opened.body.endsAt);
    expect(endsAtMs - Date.parse(opened.body.openedAt)).toBe(3_600_000);
    expect((await selim.reads(visit)).body).toMatchObject({ id: visit, patientName: 'Nadia Islam', ...words });
    expect((await selim.lists(`?patientId=${nadia.id}`)).body.items).toEqual([
      expect.objectContaining({ id: visit, ...words }),
    ]);

    vi.useFakeTimers({ toFake: ['Date'], now: endsAtMs - 1 });
    const late = await signedIn(selim.id, 'doctor');
    expect((await late.reads(visit)).status).toBe(200);
    vi.setSystemTime(endsAtMs);
    expect((await late.reads(visit)).status).toBe(404);
    expect((await late.lists(`?patientId=${nadia.id}`)).body.items).toEqual([]);
  });

  test('[AC33] it is for reading that patient: nothing is changed, and no other patient is seen', async () => {
    const selim = await newDoctor();
    await opens(selim, nadia.id);
    const slot = await heart.slot('10:00');
    for (const reply of [
      await selim.cancels(visit),
      await selim.confirms(visit),
      await selim.completes(visit),
      await selim.moves(visit, slot),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
    }
    expect((await selim.act('PUT', `/appointments/${visit}`, { reason: 'x' })).status).toBe(403);
    const karim = both(await patient('Karim Uddin'));
    const other = (await karim.holds(slot, { symptoms: 'Nobody knows about this' })).body.id;
    expect((await selim.reads(other)).status).toBe(404);
    expect((await selim.lists()).body.items).toEqual([]);
    await karim.cancels(other);
  });

  test('[AC33] it is for that doctor: no other doctor sees more than before', async () => {
    const [selim, other] = [await newDoctor(), await newDoctor()];
    await opens(selim, nadia.id);
    expect((await other.reads(visit)).status).toBe(404);
    expect((await other.lists(`?patientId=${nadia.id}`)).body.items).toEqual([]);
  });
});

describe('a doctor whose verification is taken away', () => {
  test('[AC36] sees nothing more of a record that was opened before', async () => {
    const selim = await newDoctor();
    await opens(selim, nadia.id);
    expect((await selim.reads(visit)).status).toBe(200);
    const rejected = await heart.admin.act('POST', `/admin/doctors/${selim.id}/reject`, { reason: 'It is forged.' });
    expect(rejected.status).toBe(200);
    expect((await selim.reads(visit)).status).toBe(404);
    expect((await selim.lists(`?patientId=${nadia.id}`)).body.items).toEqual([]);
  });
});

describe('breaking the glass', () => {
  test('[AC34] tells the patient and the admins, raises a security event, and leaves no word of the record in the mail', async () => {
    const events: SecurityEvent[] = [];
    vi.spyOn(securityLog, 'write').mockImplementation((event) => void events.push(event));
    const selim = await newDoctor();
    await opens(selim, nadia.id);
    const toPatient = (await mailTo(nadia.email)).filter(({ kind }) => kind === 'break_glass');
    expect(toPatient[0]?.text).toContain('Selim Reza');
    const reviews = (await mailbox()).filter(({ kind }) => kind === 'break_glass_review');
    const toAdmin = reviews.filter(({ text }) => text.includes(selim.id));
    expect(toAdmin).not.toEqual([]);
    for (const { text, subject } of [...toPatient, ...toAdmin]) {
      for (const word of [...Object.values(words), emergency.reason]) expect(`${subject} ${text}`).not.toContain(word);
    }
    await expect.poll(() => events.filter(({ event }) => event === 'breakglass')).toHaveLength(1);
    expect(events.find(({ event }) => event === 'breakglass')).toMatchObject({
      accountId: selim.id,
      subjectId: nadia.id,
      role: 'doctor',
    });
    expect(JSON.stringify(events)).not.toContain(emergency.reason);
  });

  test('[AC34] is recorded, each look as well, and the patient sees who looked', async () => {
    const selim = await newDoctor();
    await opens(selim, nadia.id);
    await selim.reads(visit);
    const { results } = await env.DB.prepare(
      'select action, subject_id, data from audit_events where actor_id = ? order by seq',
    )
      .bind(selim.id)
      .all<{ action: string; subject_id: string; data: string }>();
    const [opening, look] = results.slice(-2);
    expect(opening).toMatchObject({ action: 'breakglass.opened', subject_id: nadia.id });
    expect(JSON.parse(opening?.data ?? '')).toMatchObject({ breakglass: true, why: 'break_glass' });
    expect(look).toMatchObject({ action: 'appointment.read', subject_id: visit });
    expect(JSON.parse(look?.data ?? '')).toMatchObject({ why: 'break_glass', patientIds: [nadia.id] });
    expect(JSON.stringify(results)).not.toContain(emergency.reason);
    const log = JSON.stringify((await nadia.act('GET', '/users/me/access-log')).body);
    for (const part of ['breakglass.opened', 'Selim Reza', 'break_glass']) expect(log).toContain(part);
  });

  test('[AC34] tells the guardian of a dependant', async () => {
    const guardian = both(await patient('A Guardian'));
    const { body } = await guardian.act('POST', '/users/me/dependants', {
      fullName: 'Tuli Islam',
      birthDate: '2019-04-30',
    });
    expect((await opens(await newDoctor(), body.id)).status).toBe(201);
    expect((await mailTo(guardian.email)).map(({ kind }) => kind)).toContain('break_glass');
  });

  test('[AC35] the reason stands sealed in the database, and is read by admins of the audit alone', async () => {
    const selim = await newDoctor();
    const { id } = (await opens(selim, nadia.id)).body;
    const row = await env.DB.prepare('select * from break_glass where id = ?').bind(id).first();
    expect(JSON.stringify(row)).not.toContain('unconscious');
    const listed = await heart.admin.act('GET', '/admin/break-glass');
    expect(listed.body.items[0]).toMatchObject({
      id,
      doctorId: selim.id,
      doctorName: 'Selim Reza',
      patientId: nadia.id,
      patientName: 'Nadia Islam',
      ...emergency,
    });
    const next = await heart.admin.act('GET', `/admin/break-glass?limit=1&cursor=${await secondPage()}`);
    expect(next.body.items[0]?.id).not.toBe(id);
    const others = [selim, nadia, await signedIn(heart.admin.id, 'admin', { permissions: ['users', 'appointments'] })];
    for (const who of others) {
      expect((await who.act('GET', '/admin/break-glass')).body.code).toBe('forbidden');
    }
  });

  test('[AC36] is for verified doctors: anybody can register as one', async () => {
    const impostor = both(await unverifiedDoctor());
    expect((await opens(impostor, nadia.id)).body.code).toBe('forbidden');
    const admin = heart.admin;
    for (const who of [nadia, admin, await signedIn('u_AAAAAAAAAAAAAAAC', 'staff', { clinicIds: ['c_x'] })]) {
      expect((await opens(who, nadia.id)).body.code).toBe('forbidden');
    }
    expect((await impostor.reads(visit)).status).toBe(404);
  });

  test('[AC36] asks a real reason and a real patient', async () => {
    const selim = await newDoctor();
    for (const reason of ['', 'too short', ' '.repeat(40), 'x'.repeat(501), 'a\u0000 reason of ten', null, 7]) {
      expect((await opens(selim, nadia.id, { reason })).status).toBe(400);
    }
    expect((await opens(selim, nadia.id, { ...emergency, endsAt: '2030-01-01T00:00:00Z' })).status).toBe(400);
    expect((await opens(selim, nadia.id, {})).status).toBe(400);
    for (const id of ['u_AAAAAAAAAAAAAAAA', 'x', heart.doctor.id, heart.admin.id, visit]) {
      expect((await opens(selim, id)).body.code).toBe('not_found');
    }
    const { results } = await env.DB.prepare('select id from break_glass where doctor_id = ?').bind(selim.id).all();
    expect(results).toEqual([]);
  });

  test('[AC36] ten times within 24 hours and no more, one by one or at once', async () => {
    const selim = await newDoctor();
    const many = await Promise.all(Array.from({ length: 14 }, () => patient()));
    const codes = (await Promise.all(many.map(({ id }) => opens(selim, id)))).map(
      ({ status, body }) => body.code ?? status,
    );
    expect(codes.filter((code) => code === 201)).toHaveLength(10);
    expect(codes.filter((code) => code === 'break_glass_limit')).toHaveLength(4);
    const [oldest] = (
      await env.DB.prepare('select min(opened_at_ms) as at from break_glass where doctor_id = ?')
        .bind(selim.id)
        .all<{ at: number }>()
    ).results;
    vi.useFakeTimers({ toFake: ['Date'], now: (oldest?.at ?? 0) + 86_400_000 });
    expect((await opens(await signedIn(selim.id, 'doctor'), nadia.id)).status).toBe(201);
  });

  test('[AC36] again while it is open, gives the same opening, at once and later, and tells nobody anew', async () => {
    const selim = await newDoctor();
    const replies = [
      ...(await Promise.all([opens(selim, nadia.id), opens(selim, nadia.id)])),
      await opens(selim, nadia.id),
    ];
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 200, 201]);
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const reviews = (await mailbox()).filter(
      ({ kind, text }) => kind === 'break_glass_review' && text.includes(selim.id),
    );
    expect(new Set(reviews.map(({ to }) => to)).size).toBe(reviews.length);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(replies[0]?.body.endsAt) });
    const late = await signedIn(selim.id, 'doctor');
    expect((await opens(late, nadia.id)).status).toBe(201);
  });
});

/** The cursor after the newest opening. */
const secondPage = async (): Promise<string> =>
  (await heart.admin.act('GET', '/admin/break-glass?limit=1')).body.nextCursor;
