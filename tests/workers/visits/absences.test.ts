import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { parseSlotId } from '../../../src/domain/ids.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import { workOnAbsences } from '../../../src/features/schedules/absence-work.ts';
import { type Actor, eventually, everyDay, patient, practice, signedIn } from '../../support/clinic.ts';
import { ledgerOf } from '../../support/ledger.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const inD1 = (id: string, status: string) =>
  eventually(
    () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status'),
    (found) => found === status,
  );

const booked = async (self: Actor, slotId: string): Promise<string> => {
  const { body } = await self.holds(slotId);
  await self.confirms(body.id);
  await inD1(body.id, 'confirmed');
  return body.id;
};

test('[AB1] [AB2] [AB3] [AB4] [AB5] a doctor who is ill: previewed, then moved, asked and cancelled, with every patient told', async () => {
  const { doctor, date, slot, slotsOn } = await practice();
  const [nadia, karim, mina, rival] = [await patient(), await patient(), await patient(), await patient()];
  const ids = {
    moved: await booked(nadia, await slot('09:00')),
    asked: await booked(karim, await slot('09:30')),
    cancelled: await booked(mina, await slot('10:00')),
  };
  const timeOff = { from: date, to: date, reason: 'ill' };
  const path = `/doctors/${doctor.id}/absences`;
  const preview = await doctor.act('POST', `${path}/preview`, { timeOff });
  expect(preview.status).toBe(200);
  const planned = preview.body.items.map((item: Record<string, string>) => [item.appointmentId, item.action]);
  expect(planned).toEqual([
    [ids.moved, 'move'],
    [ids.asked, 'move'],
    [ids.cancelled, 'move'],
  ]);
  const proposed: string[] = preview.body.items.map((item: Record<string, string>) => item.slotId);
  expect(proposed.map((id) => parseSlotId(id)?.day.date)).toEqual([1, 1, 1].map((days) => addDays(date, days)));
  expect(new Set(proposed).size).toBe(3);
  expect((await slotsOn()).length).toBeGreaterThan(0);

  const choices = [
    { appointmentId: ids.asked, action: 'offer' },
    { appointmentId: ids.cancelled, action: 'cancel' },
  ];
  const wrong = await doctor.act('POST', path, { timeOff, choices: [{ appointmentId: 'a_x', action: 'cancel' }] });
  expect(wrong.body.errors).toEqual([expect.objectContaining({ path: 'choices.0.appointmentId' })]);
  // Somebody takes the slot that was proposed.
  await booked(rival, proposed[0] as string);
  const begun = await doctor.act('POST', path, { timeOff, choices });
  expect(begun.status).toBe(201);
  const done = await eventually(
    async () => (await doctor.act('GET', `${path}/${begun.body.id}`)).body,
    ({ doneAt }) => doneAt !== null,
  );
  const states = Object.fromEntries(done.items.map((item: Record<string, string>) => [item.appointmentId, item.state]));
  expect(states).toEqual({ [ids.moved]: 'moved', [ids.asked]: 'offered', [ids.cancelled]: 'cancelled' });
  const moved = (await nadia.reads(ids.moved)).body;
  expect(parseSlotId(moved.slotId)?.day.date).toBe(addDays(date, 1));
  expect(moved.slotId).not.toBe(proposed[0]);
  expect((await karim.reads(ids.asked)).body.status).toBe('confirmed');
  expect((await mina.reads(ids.cancelled)).body.status).toBe('cancelled');
  expect((await slotsOn()).filter(({ remaining }) => remaining > 0)).toEqual([]);
  const told = await ledgerOf(ids.asked, (rows) => rows.some(({ kind }) => kind === 'rebook'));
  expect(told.filter(({ kind, channel }) => kind === 'rebook' && channel === 'in_app')).toHaveLength(1);

  await workOnAbsences(env, Date.now());
  expect((await nadia.reads(ids.moved)).body.version).toBe(moved.version);
  const read = await env.DB.prepare(`select action from audit_events where actor_id = ? and action like 'absence.%'`)
    .bind(doctor.id)
    .all();
  expect(read.results).toEqual([{ action: 'absence.previewed' }]);
});

test('[AB6] [AB7] staff record an absence from their own clinic, and neither close nor see what is at others', async () => {
  await env.DB.batch(
    ['c_desk', 'c_far'].map((id) =>
      env.DB.prepare(
        `insert into clinics (id, name, address, city, country, time_zone, created_at_ms)
         values (?, 'Desk', 'House 1', 'Dhaka', 'BD', 'Asia/Dhaka', 1)`,
      ).bind(id),
    ),
  );
  const { doctor, date, slot, setSchedule } = await practice({ profile: { clinicIds: ['c_desk', 'c_far'] } });
  const far = { clinicId: 'c_far', start: '14:00', end: '16:00' };
  expect((await setSchedule([...everyDay({ clinicId: 'c_desk' }), ...everyDay(far)])).status).toBe(200);
  const ids = {
    near: await booked(await patient(), await slot('09:00')),
    far: await booked(await patient(), await slot('14:00')),
  };
  const staffOf = (id: string, clinicId: string) => signedIn(id, 'staff', { clinicIds: [clinicId] });
  const desk = await staffOf('u_AAAAAAAAAAAAAADE', 'c_desk');
  const path = `/doctors/${doctor.id}/absences`;
  const [morning, afternoon] = [
    { from: date, to: date, start: '09:00', end: '12:00' },
    { from: date, to: date, start: '14:00', end: '16:00' },
  ];
  const stranger = await staffOf('u_AAAAAAAAAAAAAAST', 'c_other');
  expect((await stranger.act('POST', `${path}/preview`, { timeOff: morning })).status).toBe(404);
  // Of the whole day half is elsewhere; so is the afternoon of a day on which nobody is booked.
  const later = { ...afternoon, from: addDays(date, 4), to: addDays(date, 4) };
  for (const timeOff of [{ from: date, to: date }, afternoon, later]) {
    for (const at of [path, `${path}/preview`]) {
      const { status, body } = await desk.act('POST', at, { timeOff });
      expect([status, body.code]).toEqual([403, 'works_elsewhere']);
    }
  }
  const named = (items: readonly { appointmentId: string }[]) => items.map(({ appointmentId }) => appointmentId);
  expect(named((await desk.act('POST', `${path}/preview`, { timeOff: morning })).body.items)).toEqual([ids.near]);
  expect((await desk.act('POST', path, { timeOff: morning })).status).toBe(201);
  const whole = await doctor.act('POST', path, { timeOff: afternoon });
  expect(named(whole.body.items)).toEqual([ids.far]);
  const listed = async (who: Actor) =>
    (await who.act('GET', path)).body.items.map(({ items }: { items: [] }) => named(items));
  expect(await listed(doctor)).toEqual([[ids.far], [ids.near]]);
  expect(await listed(desk)).toEqual([[], [ids.near]]);
  expect(await listed(await staffOf('u_AAAAAAAAAAAAAAFA', 'c_far'))).toEqual([[ids.far], []]);
  expect((await desk.act('GET', `${path}/${whole.body.id}`)).body).toMatchObject({ id: whole.body.id, items: [] });
});

test('[AB5] [AB6] nobody is moved into another doctor’s diary, and nobody is left where the doctor is not', async () => {
  const [{ doctor, date, slot }, other] = [await practice(), await practice()];
  const nadia = await patient();
  const id = await booked(nadia, await slot('09:00'));
  const choices = [{ appointmentId: id, action: 'move', slotId: await other.slot('09:00') }];
  const path = `/doctors/${doctor.id}/absences`;
  const begun = await doctor.act('POST', path, { timeOff: { from: date, to: date }, choices });
  const done = await eventually(
    async () => (await doctor.act('GET', `${path}/${begun.body.id}`)).body,
    ({ doneAt }) => doneAt !== null,
  );
  expect(done.items).toEqual([expect.objectContaining({ appointmentId: id, state: 'moved', why: null })]);
  expect((await nadia.reads(id)).body).toMatchObject({ doctorId: doctor.id, status: 'confirmed' });
  expect((await other.slotsOn()).every(({ remaining }) => remaining === 1)).toBe(true);
});

test('[AB4] work that breaks off after each step is gone on with, and nobody is moved twice', async () => {
  const { doctor, date, slot } = await practice();
  const people = [await patient(), await patient(), await patient()];
  const ids: string[] = [];
  for (const [i, time] of ['09:00', '09:30', '10:00'].entries()) {
    ids.push(await booked(people[i] as Actor, await slot(time)));
  }
  // The notes of what was done are lost, once each: what was done is not done again.
  const prepare = env.DB.prepare.bind(env.DB);
  const lost = new Set<string>();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => {
    const statement = prepare(sql);
    if (!/update "absence_items" set "state"/.test(sql)) return statement;
    const bind = statement.bind.bind(statement);
    statement.bind = (...values: unknown[]) => {
      const id = String(values.find((value) => ids.includes(String(value))));
      if (lost.has(id)) return bind(...values);
      lost.add(id);
      throw new Error('D1_ERROR: the database is out of reach');
    };
    return statement;
  });
  const begun = await doctor.act('POST', `/doctors/${doctor.id}/absences`, { timeOff: { from: date, to: date } });
  await eventually(
    async () => lost.size,
    (n) => n === 3,
  );
  const versions = await Promise.all(ids.map(async (id, i) => (await people[i]?.reads(id))?.body.version));
  await workOnAbsences(env, Date.now());
  const done = await doctor.act('GET', `/doctors/${doctor.id}/absences/${begun.body.id}`);
  expect(done.body.items.map(({ state }: { state: string }) => state)).toEqual(['moved', 'moved', 'moved']);
  expect(done.body.doneAt).not.toBeNull();
  expect(await Promise.all(ids.map(async (id, i) => (await people[i]?.reads(id))?.body.version))).toEqual(versions);
});
