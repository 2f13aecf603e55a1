import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/domain/access.ts';
import { send } from '../../support/api.ts';
import { type Actor, actor, everyDay, practice, signedIn } from '../../support/clinic.ts';
import { admin, doctor, type Person, patient } from '../../support/people.ts';

const clinic = (name: string) => ({ name, address: 'House 12', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' });

let heart: Awaited<ReturnType<typeof practice>>;
let clinicId: string;
let otherClinicId: string;
let amina: Person & Actor;

const person = async (name: string): Promise<Person & Actor> => {
  const made = await patient(name);
  return { ...made, ...actor(made) };
};

/** Somebody whom the admin has put to work, with the token of the session that went on. */
const worker = async (...at: string[]): Promise<Person & Actor> => {
  const made = await person('Desk Worker');
  for (const id of at) {
    const added = await heart.admin.act('POST', `/clinics/${id}/staff`, { email: made.email });
    expect(added.status).toBe(201);
  }
  return refreshed(made);
};

const refreshed = async (who: Person): Promise<Person & Actor> => {
  const reply = await actor(who).act('POST', '/auth/refresh', { refreshToken: who.refreshToken });
  expect(reply.status).toBe(200);
  const again = { ...who, token: reply.body.accessToken, refreshToken: reply.body.refreshToken };
  return { ...again, ...actor(again) };
};

beforeAll(async () => {
  heart = await practice({ shape: { start: '00:00', end: '23:30' } });
  const made = async (name: string): Promise<string> =>
    (await heart.admin.act('POST', '/clinics', clinic(name))).body.id as string;
  clinicId = await made('Heart Centre');
  otherClinicId = await made('Tooth Centre');
  const id = heart.doctor.id;
  const profile = (await heart.doctor.act('GET', `/doctors/${id}`)).body;
  const put = await heart.doctor.act('PUT', `/doctors/${id}`, {
    fullName: profile.fullName,
    specialization: profile.specialization,
    timeZone: profile.timeZone,
    experienceYears: profile.experienceYears,
    bio: profile.bio,
    consultationFee: profile.consultationFee,
    clinicIds: [clinicId],
  });
  expect([put.status, put.body]).toEqual([200, put.body]);
  await heart.setSchedule([
    ...everyDay({ start: '00:00', end: '12:00', clinicId }),
    ...everyDay({ start: '13:00', end: '20:00', mode: 'video', clinicId: null }),
  ]);
  amina = await person('Amina Begum');
});

describe('somebody becomes staff', () => {
  test('[AC25] by an admin who manages users, and their tokens say so at once', async () => {
    const made = await person('New Worker');
    expect((await made.act('GET', '/users/me/dependants')).status).toBe(200);
    const added = await heart.admin.act('POST', `/clinics/${clinicId}/staff`, { email: made.email });
    expect(added).toMatchObject({ status: 201, body: { accountId: made.id, email: made.email } });
    // The token of a patient is refused before it has run out.
    expect((await made.act('GET', '/appointments')).status).toBe(401);
    const desk = await refreshed(made);
    expect((await desk.act('POST', '/patients/search', { name: 'Amina' })).status).toBe(200);
    expect((await desk.act('GET', '/users/me/dependants')).body.code).toBe('forbidden');
    const listed = await heart.admin.act('GET', `/clinics/${clinicId}/staff?limit=100`);
    expect(listed.body.items.map((one: { accountId: string }) => one.accountId)).toContain(made.id);
  });

  test('[AC25] and is staff no more at once', async () => {
    const desk = await worker(clinicId);
    expect((await desk.act('GET', `/doctors/${heart.doctor.id}/schedule`)).status).toBe(200);
    expect((await send('DELETE', `/clinics/${clinicId}/staff/${desk.id}`, { as: heart.admin })).status).toBe(204);
    expect((await desk.act('GET', `/doctors/${heart.doctor.id}/schedule`)).status).toBe(401);
    const idle = await refreshed(desk);
    expect((await idle.act('GET', `/doctors/${heart.doctor.id}/schedule`)).body.code).toBe('not_found');
    expect((await idle.lists()).body.items).toEqual([]);
    expect((await send('DELETE', `/clinics/${clinicId}/staff/${desk.id}`, { as: heart.admin })).status).toBe(404);
  });

  test('[AC25] an admin without the permission, a doctor and a patient make nobody staff', async () => {
    const made = await person('Nobody’s Worker');
    const body = { email: made.email };
    const without: Partial<Facts> = { permissions: ['doctors', 'finance', 'audit', 'appointments', 'system'] };
    for (const who of [await signedIn(heart.admin.id, 'admin', without), heart.doctor, amina]) {
      expect((await who.act('POST', `/clinics/${clinicId}/staff`, body)).body.code).toBe('forbidden');
      expect((await who.act('GET', `/clinics/${clinicId}/staff`)).body.code).toBe('forbidden');
      expect((await who.act('DELETE', `/clinics/${clinicId}/staff/${made.id}`)).body.code).toBe('forbidden');
    }
  });

  test('[AC26] nobody loses their own health record or a higher role to it', async () => {
    const held = await amina.holds(await heart.slot('00:00'));
    expect(held.status).toBe(201);
    await expect.poll(async () => (await amina.lists()).body.items.length).toBe(1);
    const guardian = await person('A Guardian');
    await guardian.act('POST', '/users/me/dependants', { fullName: 'Tuli', birthDate: '2019-04-30' });
    const colleague = await doctor({}, 'Selim Reza', heart.admin as unknown as Person);
    const boss = await admin();
    for (const { email } of [amina, guardian, colleague, boss]) {
      const reply = await heart.admin.act('POST', `/clinics/${clinicId}/staff`, { email });
      expect(reply.body.code).toBe('unsuitable_account');
    }
    const roles = await env.DB.prepare('select role from accounts where id in (?, ?, ?, ?) order by role')
      .bind(amina.id, guardian.id, colleague.id, boss.id)
      .all<{ role: string }>();
    expect(roles.results.map(({ role }) => role)).toEqual(['admin', 'doctor', 'patient', 'patient']);
    await amina.cancels(held.body.id);
  });

  test('[AC26] unknown accounts, deactivated ones, foreign clinics and endless clinics are refused', async () => {
    const made = await person('Busy Worker');
    const ask = (id: string, email: string) => heart.admin.act('POST', `/clinics/${id}/staff`, { email });
    expect((await ask(clinicId, 'nobody@example.com')).body.code).toBe('unknown_account');
    expect((await ask('c_AAAAAAAAAAAAAAAA', made.email)).body.code).toBe('not_found');
    expect((await heart.admin.act('GET', '/clinics/c_AAAAAAAAAAAAAAAA/staff')).body.code).toBe('not_found');
    await env.DB.prepare('update accounts set deactivated_at_ms = 1 where id = ?').bind(made.id).run();
    expect((await ask(clinicId, made.email)).body.code).toBe('unknown_account');
    await env.DB.prepare('update accounts set deactivated_at_ms = null where id = ?').bind(made.id).run();
    expect((await ask(clinicId, made.email)).status).toBe(201);
    for (let i = 1; i < 20; i += 1) {
      const { body } = await heart.admin.act('POST', '/clinics', clinic(`Branch ${i}`));
      expect((await ask(body.id, made.email)).status).toBe(201);
    }
    expect((await ask(otherClinicId, made.email)).body.code).toBe('too_many_items');
    expect((await ask(clinicId, made.email)).status).toBe(201);
  });
});

describe('the front desk', () => {
  test('[AC23] finds a patient, books on their behalf, confirms, moves and cancels', async () => {
    const desk = await worker(clinicId);
    const found = await desk.act('POST', '/patients/search', { email: amina.email });
    expect(found.body.items).toEqual([
      expect.objectContaining({ id: amina.id, fullName: 'Amina Begum', guardianId: null }),
    ]);
    const held = await desk.holds(await heart.slot('01:00'), { patientId: amina.id, symptoms: 'told by phone' });
    expect(held).toMatchObject({ status: 201, body: { patientId: amina.id, clinicId, status: 'pending' } });
    const { id } = held.body;
    expect((await desk.confirms(id)).body.status).toBe('confirmed');
    expect((await desk.moves(id, await heart.slot('01:30'))).status).toBe(200);
    // It is the patient's: seen, read and cancelled by the patient.
    expect((await amina.reads(id)).body).toMatchObject({ status: 'confirmed', symptoms: 'told by phone' });
    expect((await desk.cancels(id, 'The doctor is ill')).body.status).toBe('cancelled');
    expect((await amina.reads(id)).body.statusReason).toBe('The doctor is ill');
  });

  test('[AC22] the audit names who held, and for whom', async () => {
    const desk = await worker(clinicId);
    const { body } = await desk.holds(await heart.slot('02:00'), { patientId: amina.id });
    await expect
      .poll(() =>
        env.DB.prepare("select actor_id, actor_role, data from audit_events where subject_id = ? and action = 'held'")
          .bind(body.id)
          .first<{ actor_id: string; actor_role: string; data: string }>(),
      )
      .toMatchObject({ actor_id: desk.id, actor_role: 'staff', data: expect.stringContaining(amina.id) });
    await desk.cancels(body.id);
  });

  test('[AC27] reads names and times, and never a patient’s words', async () => {
    const desk = await worker(clinicId);
    const words = { reason: 'the reason of mine', symptoms: 'the symptoms of mine' };
    const { body } = await amina.holds(await heart.slot('03:00'), words);
    const read = await desk.reads(body.id);
    expect(read).toMatchObject({ status: 200, body: { patientName: 'Amina Begum', clinicName: 'Heart Centre' } });
    await expect.poll(async () => (await desk.lists()).body.items.length).toBeGreaterThan(0);
    const answers = [read, await desk.lists(), await desk.confirms(body.id), await desk.cancels(body.id)];
    for (const { body: answered } of answers) {
      const text = JSON.stringify(answered);
      for (const word of Object.values(words)) expect(text).not.toContain(word);
      for (const field of ['symptoms', '"reason"', 'statusReason', 'conflictsWith']) expect(text).not.toContain(field);
    }
  });

  test('[AC23] sees, books and touches nothing at other clinics, nor what is at no clinic', async () => {
    const elsewhere = await worker(otherClinicId);
    const { body } = await amina.holds(await heart.slot('04:00'));
    const video = await heart.slot('13:00');
    const desk = await worker(clinicId);
    expect((await desk.holds(video, { patientId: amina.id })).body.code).toBe('forbidden');
    expect((await desk.moves(body.id, video)).body.code).toBe('forbidden');
    expect((await elsewhere.holds(await heart.slot('05:00'), { patientId: amina.id })).body.code).toBe('forbidden');
    for (const reply of [
      await elsewhere.reads(body.id),
      await elsewhere.confirms(body.id),
      await elsewhere.cancels(body.id),
      await elsewhere.moves(body.id, await heart.slot('05:00')),
      await elsewhere.completes(body.id),
      await elsewhere.marksNoShow(body.id),
    ]) {
      expect(reply).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    await expect.poll(async () => (await desk.lists('?limit=100')).body.items.map(idOf)).toContain(body.id);
    expect((await elsewhere.lists('?limit=100')).body.items).toEqual([]);
    expect((await elsewhere.lists(`?patientId=${amina.id}`)).body.items).toEqual([]);
    await amina.cancels(body.id);
  });

  test('[AC28] staff of several clinics page through all of them in one order', async () => {
    const desks = await signedIn('u_AAAAAAAAAAAAAAAB', 'staff', { clinicIds: [otherClinicId, clinicId] });
    const times = ['06:00', '06:30', '07:00'];
    const made: string[] = [];
    for (const time of times) made.push((await (await person('P')).holds(await heart.slot(time))).body.id);
    await expect
      .poll(async () => (await desks.lists('?limit=100')).body.items.map(idOf))
      .toEqual(expect.arrayContaining(made));
    const all = (await desks.lists('?limit=100')).body.items.map(idOf);
    const paged = async (order: string): Promise<string[]> => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body } = await desks.lists(`?limit=1&order=${order}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        found.push(...body.items.map(idOf));
        cursor = body.nextCursor;
      }
      return found;
    };
    expect(await paged('oldest')).toEqual(all);
    expect(await paged('newest')).toEqual(all.toReversed());
    // One of them alone, by its id; of a clinic that is not theirs, nothing.
    const idsAt = async (id: string) => (await desks.lists(`?limit=100&clinicId=${id}`)).body.items.map(idOf);
    expect([await idsAt(clinicId), await idsAt(otherClinicId), await idsAt('c_AAAAAAAAAAAAAAAA')]).toEqual([
      all,
      [],
      [],
    ]);
    for (const id of made) await heart.admin.cancels(id);
  });

  test('[AC23] answers for no doctor, and edits no schedule or profile', async () => {
    const desk = await worker(clinicId);
    const own = `/doctors/${heart.doctor.id}`;
    const { body } = await amina.holds(await heart.slot('08:00'));
    for (const reply of [
      await desk.accepts(body.id),
      await desk.rejects(body.id, 'No'),
      await desk.act('PUT', `/appointments/${body.id}`, { reason: 'Something else' }),
      await desk.act('PUT', `${own}/schedule`, { rules: [] }),
      await desk.act('PUT', own, {}),
      await desk.act('POST', `/patients/${amina.id}/break-glass`, { reason: 'I am only curious' }),
      await desk.act('GET', '/admin/users'),
      await desk.act('GET', '/admin/audit'),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([403, 'forbidden']);
    }
    await amina.cancels(body.id);
  });

  test('[AC29] reads the schedules of the doctors of its clinics, without why they are away', async () => {
    const own = `/doctors/${heart.doctor.id}`;
    const off = { from: '2027-03-01', to: '2027-03-02', reason: 'an operation of my own' };
    await heart.doctor.act('POST', `${own}/time-off`, off);
    const desk = await worker(clinicId);
    expect((await desk.act('GET', `${own}/schedule`)).status).toBe(200);
    expect((await desk.act('GET', `${own}/sessions`)).status).toBe(200);
    const seen = await desk.act('GET', `${own}/time-off`);
    expect(seen.body.items).toEqual([expect.objectContaining({ from: '2027-03-01' })]);
    expect(JSON.stringify(seen.body)).not.toContain('reason');
    const elsewhere = await worker(otherClinicId);
    for (const path of ['schedule', 'sessions', 'time-off']) {
      expect((await elsewhere.act('GET', `${own}/${path}`)).body.code).toBe('not_found');
    }
  });
});

describe('looking for a patient', () => {
  test('[AC30] finds dependants by their own name and by their guardian’s address, and says whose they are', async () => {
    const desk = await worker(clinicId);
    const guardian = await person('Gulnahar Begum');
    const tuli = { fullName: `Tuli${crypto.randomUUID().slice(0, 6)}`, birthDate: '2019-04-30' };
    const { body } = await guardian.act('POST', '/users/me/dependants', tuli);
    const found = { id: body.id, ...tuli, guardianId: guardian.id, guardianName: 'Gulnahar Begum', phone: null };
    const byName = await desk.act('POST', '/patients/search', { name: tuli.fullName.slice(0, 8) });
    expect(byName.body.items).toEqual([{ ...found, email: 'p***@example.com' }]);
    const byAddress = await desk.act('POST', '/patients/search', { email: guardian.email });
    expect(byAddress.body.items.map(idOf)).toEqual([guardian.id, body.id]);
    const held = await desk.holds(await heart.slot('09:00'), { patientId: body.id });
    expect(held.status).toBe(201);
    expect((await desk.reads(held.body.id)).body.patientName).toBe(tuli.fullName);
  });

  test('[AC30] is for the front desk and for admins of users and appointments', async () => {
    const ask = { name: 'Amina' };
    const idle = await worker(clinicId);
    await send('DELETE', `/clinics/${clinicId}/staff/${idle.id}`, { as: heart.admin });
    for (const who of [amina, heart.doctor, await signedIn(heart.admin.id, 'admin', { permissions: ['audit'] })]) {
      expect((await who.act('POST', '/patients/search', ask)).body.code).toBe('forbidden');
    }
    expect((await idle.act('POST', '/patients/search', ask)).status).toBe(401);
    expect((await (await refreshed(idle)).act('POST', '/patients/search', ask)).body.code).toBe('forbidden');
  });

  test('[AC30] finds by whole address, whole number or a name’s beginning; masked, at most 20, patients only', async () => {
    const desk = await worker(clinicId);
    const family = `Zq${crypto.randomUUID().slice(0, 6)}`;
    for (let i = 0; i < 22; i += 1) await patient(`${family} ${i}`);
    const many = await desk.act('POST', '/patients/search', { name: family.toLowerCase() });
    expect(many.body.items).toHaveLength(20);
    const text = JSON.stringify(many.body);
    expect(text).not.toMatch(/p\d+-[0-9a-f]{8}@/);
    expect(text).toContain('p***@example.com');
    expect((await desk.act('POST', '/patients/search', { email: 'no address' })).status).toBe(400);
    for (const wild of ['%%%', '___', `${family.slice(0, 2)}%`]) {
      expect((await desk.act('POST', '/patients/search', { name: wild })).body.items).toEqual([]);
    }
    for (const wrong of [{}, { name: 'Zq' }, { name: family, email: amina.email }, { name: family, role: 'admin' }]) {
      expect((await desk.act('POST', '/patients/search', wrong)).status).toBe(400);
    }
    expect((await desk.act('POST', '/patients/search', { name: 'Rahima Khatun' })).body.items).toEqual([]);
  });

  test('[AC30] finds by any words of the name, in any order, as it is now', async () => {
    const desk = await worker(clinicId);
    const [given, other, family] = ['Ga', 'Ot', 'Fa'].map((part) => `${part}${crypto.randomUUID().slice(0, 6)}`);
    const somebody = await person(`${given} "Bint" Al-${family}`);
    const found = async (name: string): Promise<string[]> =>
      (await desk.act('POST', '/patients/search', { name })).body.items.map(idOf);
    for (const name of [`${family}`, `AL-${family}`, `${family} ${given}`, `${given} al ${family?.slice(0, 5)}`]) {
      expect(await found(name)).toEqual([somebody.id]);
    }
    expect(await found(`${family} ${other}`)).toEqual([]);
    expect((await somebody.act('PUT', '/users/me', { fullName: `${other} ${other}` })).status).toBe(200);
    expect([await found(`${family}`), await found(`${other}`)]).toEqual([[], [somebody.id]]);
  });

  test('[AC30] is recorded, with whom it found, and the patient sees who looked', async () => {
    const desk = await worker(clinicId);
    await desk.act('POST', '/patients/search', { email: amina.email });
    const row = await env.DB.prepare(
      "select data from audit_events where actor_id = ? and action = 'patients.searched'",
    )
      .bind(desk.id)
      .first<{ data: string }>();
    expect(JSON.parse(row?.data ?? '{}')).toMatchObject({ why: 'front_desk', patientIds: [amina.id], by: 'email' });
    expect(row?.data).not.toContain(amina.email);
    const log = await amina.act('GET', '/users/me/access-log');
    expect(JSON.stringify(log.body)).toContain('patients.searched');
  });
});

const idOf = (item: { id: string }): string => item.id;
