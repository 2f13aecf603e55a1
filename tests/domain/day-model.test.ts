import { expect, test } from 'vitest';
import { principalOf } from '../../src/domain/access.ts';
import type { PersonalCommand } from '../../src/domain/doctor-day/command.ts';
import { accountId, appointmentId, type DayKey, dayName } from '../../src/domain/ids.ts';
import { addDays, type LocalDate } from '../../src/domain/local-date.ts';
import { startOfDayMs } from '../../src/domain/zoned-time.ts';
import { settle } from '../simulation/clinic.ts';
import { callsOf, dayModel } from '../simulation/day-model.ts';
import { linearize } from '../simulation/linearizability.ts';
import { drawPlan, type Plan } from '../simulation/plan.ts';
import { Random } from '../simulation/random.ts';
import { storedIn } from '../simulation/stored.ts';
import { World } from '../simulation/world.ts';

const random = new Random(1);
const doctorId = accountId(random.bytes(12));
const here: DayKey = { doctorId, date: '2027-02-10' as LocalDate };
const there: DayKey = { doctorId, date: addDays(here.date, 1) };

/** Two days of a doctor who sees one patient at a time from midnight on, in a world where nothing goes wrong. */
const calmWorld = (): { world: World; plan: Plan } => {
  const doctor = { start: '00:00', end: '04:00', slotMinutes: 30, capacity: 1, timeZone: 'Asia/Dhaka' };
  const terms = { approvalRequired: false, minimumNoticeMinutes: 0 };
  const { rooms: _, ...drawn } = drawPlan(1);
  const startMs = startOfDayMs(here.date, 'Asia/Dhaka') - 3_600_000;
  const plan: Plan = { ...drawn, startMs, doctors: [{ id: doctorId, ...doctor, ...terms }], days: [here, there] };
  const world = new World(plan, new Random(1));
  world.faults.stop();
  settle(world.d1, plan);
  return { world, plan };
};

const holding = (day: DayKey, hour: number): PersonalCommand & { type: 'hold' } => {
  const patientId = accountId(random.bytes(12));
  return {
    type: 'hold',
    principal: principalOf({ id: patientId, role: 'patient' }),
    patientId,
    appointmentId: appointmentId(day, random.bytes(16)),
    startsAtMs: startOfDayMs(day.date, 'Asia/Dhaka') + hour * 3_600_000,
    mode: null,
    words: {},
  };
};

test('[DD37] a seat that is kept and given back in one commit was taken meanwhile', async () => {
  const { world, plan } = calmWorld();
  const run = () => world.runUntil(world.scheduler.elapsedMs() + 5_000, () => undefined);
  const hold = (day: DayKey, hour: number) => {
    const command = holding(day, hour);
    return world.ask(day, 'execute', [command, null], (engine) => engine.execute(command, null));
  };
  void hold(here, 1);
  void hold(there, 3);
  await run();
  const [appointment] = storedIn(world.host(here).storage).appointments.values();
  if (appointment === undefined) throw new Error('nothing is held');
  const by = principalOf({ id: appointment.patientId, role: 'patient' });
  const startsAtMs = holding(there, 1).startsAtMs;
  const request = { moveId: 'm1', from: here, by, appointment, startsAtMs };

  const reserved = world.ask(there, 'reserveSeat', [request], (engine) => engine.reserveSeat(request));
  await world.scheduler.settle();
  const rival = hold(there, 1);
  await world.scheduler.settle();
  void world.ask(there, 'releaseSeat', ['m1'], (engine) => engine.moves.releaseSeat('m1'));
  await run();

  expect(await reserved).toMatchObject({ ok: false, refusal: { code: 'move_failed' } });
  expect(await rival).toMatchObject({ result: { refusal: { code: 'slot_full' } } });
  const calls = callsOf(world.history.operations).get(dayName(there)) ?? [];
  expect(linearize(dayModel(dayName(there), plan.limits), calls).ok).toBe(true);
});
