import { and, eq } from 'drizzle-orm';
import { database } from '../../src/db/client.ts';
import { clinicResources } from '../../src/db/schema.ts';
import { accountId } from '../../src/domain/ids.ts';
import type { ClinicResource } from '../../src/domain/resources.ts';
import type { SqliteD1 } from '../support/sim/sqlite-d1.ts';
import type { Plan, SimDoctor } from './plan.ts';
import { Random } from './random.ts';

/** The clinic whose rooms the doctors of a run share. */
export interface SimRooms {
  readonly clinicId: string;
  readonly resources: readonly ClinicResource[];
}

const wishes: readonly (readonly string[])[] = [['room'], ['room'], ['room', 'probe'], []];

/** What slots may come to require when a schedule is edited. */
export const drawRequires = (random: Random): string[] => [...random.pick(wishes)];

/**
 * In half of the runs the doctors share the two rooms and the device of a clinic, or fewer. Two doctors at least, for
 * one alone is never in two places. Drawn apart from all else.
 */
export const withRooms = (plan: Plan): Plan => {
  const random = new Random(plan.seed).fork('rooms');
  if (random.chance(0.5)) return plan;
  const named = (kind: string, count: number): ClinicResource[] =>
    Array.from({ length: count }, (_, i) => ({ id: `${kind}${i + 1}`, kind, name: `${kind} ${i + 1}` }));
  const resources = [...named('room', random.pick([1, 1, 2])), ...named('probe', random.pick([0, 1, 1]))];
  const [first] = plan.doctors as [SimDoctor];
  const twin: SimDoctor = { ...first, id: accountId(random.bytes(12)) };
  const alone = plan.doctors.length === 1;
  const doctors = (alone ? [first, twin] : plan.doctors).map((doctor) => ({
    ...doctor,
    requires: drawRequires(random),
  }));
  const days = alone ? plan.days.flatMap((day) => [day, { ...day, doctorId: twin.id }]) : plan.days;
  return { ...plan, doctors, days, rooms: { clinicId: 'c_sim', resources } };
};

/** Puts a plan's clinic and its rooms into D1. */
export const settleRooms = (d1: SqliteD1, { clinicId, resources }: SimRooms): void => {
  d1.run(
    `INSERT INTO clinics (id, name, address, city, country, time_zone, created_at_ms) VALUES (?, 'C', 'A', 'B', 'DE', 'UTC', 0)`,
    [clinicId],
  );
  for (const { id, kind, name } of resources) {
    d1.run(
      'INSERT INTO clinic_resources (id, clinic_id, kind, name, active, created_at_ms) VALUES (?, ?, ?, ?, 1, 0)',
      [id, clinicId, kind, name],
    );
  }
};

/** Takes a room out of use, or back into it. */
export const editRooms = async (d1: D1Database, { clinicId, resources }: SimRooms, random: Random): Promise<string> => {
  const { id } = random.pick(resources);
  const active = random.chance(0.6);
  await database(d1)
    .update(clinicResources)
    .set({ active })
    .where(and(eq(clinicResources.id, id), eq(clinicResources.clinicId, clinicId)));
  return `${id} is ${active ? 'in' : 'out of'} use`;
};
