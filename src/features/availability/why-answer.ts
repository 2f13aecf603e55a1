import type { z } from '@hono/zod-openapi';
import { slotId } from '../../domain/ids.ts';
import type { Interval } from '../../domain/interval.ts';
import { unreachable } from '../../domain/result.ts';
import type { Explanation, Reason } from '../../domain/why/facts.ts';
import type { whySchema } from './why-schema.ts';

type Answer = z.output<typeof whySchema>;
type Shown = Answer['reasons'][number];

const iso = (ms: number): string => new Date(ms).toISOString();
const span = ({ startsAtMs, endsAtMs }: Interval) => ({ startsAt: iso(startsAtMs), endsAt: iso(endsAtMs) });

/** What an answer says of whose time it is. */
interface Asked {
  readonly doctorId: string;
  readonly timeZone: string;
  readonly atMs: number;
  /** Why the doctor is away, by absence; absent for whom it is not. */
  readonly reasonsOff: ReadonlyMap<string, string> | null;
}

/** An explanation as the API shows it. */
export const whyAnswer = ({ date, time, slot, reasons }: Explanation, asked: Asked): Answer => {
  const { doctorId, timeZone, atMs, reasonsOff } = asked;
  const isOpen = reasons.length === 0;
  const isKept = isOpen || reasons.some(({ code }) => code === 'emergency_only');
  return {
    doctorId,
    at: iso(atMs),
    local: `${date}T${time}`,
    timeZone,
    available: isOpen,
    slot:
      slot === null
        ? null
        : {
            id: slotId({ doctorId, date }, slot.startsAtMs),
            ...span(slot),
            capacity: slot.capacity,
            remaining: slot.remaining,
            emergencyRemaining: slot.emergencyRemaining,
            mode: slot.mode,
            clinicId: slot.clinicId,
          },
    openTo: isOpen ? ['routine', 'emergency'] : isKept ? ['emergency'] : [],
    reasons: reasons.map((reason) => ({ code: reason.code, ...said(reason, reasonsOff) })),
  };
};

const said = (reason: Reason, reasonsOff: Asked['reasonsOff']): Omit<Shown, 'code'> => {
  switch (reason.code) {
    case 'not_verified':
      return { text: 'The doctor is not verified.' };
    case 'past':
      return { text: 'This lies in the past.' };
    case 'outside_booking_window':
      return { text: 'The doctor is not booked so far ahead.', from: reason.from, to: reason.to };
    case 'minimum_notice':
      return {
        text: 'It is too soon: the doctor wants more notice.',
        minutes: reason.minutes,
        bookableFrom: iso(reason.bookableFromMs),
      };
    case 'clocks_skip':
      return { text: 'The doctor’s clocks skip this time.', nextTime: iso(reason.nextMs) };
    case 'no_rule':
      return {
        text: reason.rules.length === 0 ? 'The doctor has no hours on this weekday.' : 'The hours are at other times.',
        rules: reason.rules.map(({ id, start, end, effectiveFrom, effectiveUntil, isInForce }) => ({
          ...{ id, start, end, effectiveFrom, effectiveUntil },
          inForce: isInForce,
        })),
      };
    case 'time_off':
      return {
        text: 'The doctor is away.',
        timeOff: reason.timeOff.map((off) => {
          const why = reasonsOff?.get(off.id);
          return { ...off, ...(why === undefined ? {} : { reason: why }) };
        }),
      };
    case 'busy_elsewhere':
      return { text: 'A calendar of the doctor’s elsewhere holds something.', busy: reason.busy.map(span) };
    case 'buffer':
      return {
        text: 'This is the pause after a slot.',
        minutes: reason.minutes,
        nearestStarts: reason.nearestMs.map(iso),
      };
    case 'not_a_start':
      return {
        text: reason.within === null ? 'There is no time left for a slot.' : 'A slot began before and lasts longer.',
        ...(reason.within === null ? {} : { within: span(reason.within) }),
        nearestStarts: reason.nearestMs.map(iso),
      };
    case 'overlapped':
      return { text: 'An appointment from before the hours were changed takes this time.', visits: reason.visits };
    case 'full':
      return { text: 'All seats are taken.', capacity: reason.capacity, seats: reason.seats };
    case 'emergency_only':
      return { text: 'Only an emergency can have it.', emergencyRemaining: reason.emergencyRemaining };
    case 'frozen':
      return { text: 'The day takes no bookings while the doctor’s time zone is changed.' };
    case 'room_missing':
      return { text: 'No room or device of a kind that it needs is free.', kind: reason.kind };
    default:
      return unreachable(reason);
  }
};
