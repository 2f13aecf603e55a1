import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Appointment, Status } from '../../../src/domain/doctor-day/appointment.ts';
import { Seating } from '../../../src/domain/doctor-day/seating.ts';
import { hasRunOut, occupiesSeat } from '../../../src/domain/doctor-day/status.ts';
import { overlaps } from '../../../src/domain/interval.ts';

const seatedStatuses: readonly Status[] = ['pending', 'awaiting_approval', 'confirmed', 'completed', 'no_show'];

const appointment = fc
  .record({
    id: fc.integer({ min: 0, max: 7 }).map((n) => `a_${n}`),
    patientId: fc.constantFrom('u_amina', 'u_bashir', 'u_chitra'),
    startsAtMs: fc.integer({ min: 0, max: 5 }).map((n) => n * 10),
    minutes: fc.constantFrom(10, 20),
    status: fc.constantFrom(...seatedStatuses),
    expiresAtMs: fc.option(fc.integer({ min: 0, max: 30 })),
  })
  .map(({ minutes, ...rest }) => ({ ...rest, endsAtMs: rest.startsAtMs + minutes }) as Appointment);

const change = fc.oneof(
  { weight: 3, arbitrary: appointment },
  appointment.map(({ id }) => id),
);

const ids = (appointments: Iterable<Appointment>): string[] => [...appointments].map(({ id }) => id).sort();

describe('seats by time, patient and expiry', () => {
  test('[DD1] [DD4] answer what a look at every appointment would', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 40 }),
        fc.integer({ min: 0, max: 31 }),
        appointment,
        (changes, nowMs, slot) => {
          const seating = new Seating();
          const all = new Map<string, Appointment>();
          for (const one of changes) {
            if (typeof one === 'string') {
              seating.delete(one);
              all.delete(one);
            } else {
              seating.put(one);
              all.set(one.id, one);
            }
          }
          const here = [...all.values()].filter((one) => occupiesSeat(one, nowMs));
          expect(ids(seating.at(nowMs))).toEqual(ids(here));
          expect(ids(seating.during(slot, nowMs))).toEqual(ids(here.filter((one) => overlaps(one, slot))));
          const own = here.filter(({ patientId }) => patientId === slot.patientId);
          expect(ids(seating.of(slot.patientId, nowMs))).toEqual(ids(own));
          const due = seating.runOutBy(nowMs);
          expect(ids(due)).toEqual(ids([...all.values()].filter((one) => hasRunOut(one, nowMs))));
          const expiries = due.map(({ expiresAtMs }) => expiresAtMs ?? 0);
          expect(expiries).toEqual([...expiries].sort((a, b) => a - b));
          const first = [...all.values()].filter((one) => hasRunOut(one, Number.POSITIVE_INFINITY));
          const firstMs = first.length === 0 ? null : Math.min(...first.map(({ expiresAtMs }) => expiresAtMs ?? 0));
          expect(seating.firstExpiryMs()).toBe(firstMs);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
