import type { Child } from 'hono/jsx';
import { Facts } from '../components/parts.tsx';
import { Instant } from '../components/time.tsx';
import { clockText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { Address, type Reach } from './place.tsx';
import { bookWords } from './words.ts';

/** What is booked: when, with whom, where, for whom, and for how much. */
export const WhatIsBooked = ({
  visit,
  of,
  fee,
  more = [],
}: {
  readonly visit: Visit;
  readonly of: {
    readonly doctorId: string;
    readonly doctorName: string | null;
    /** RFC 3339. */
    readonly startsAt: string;
    readonly endsAt: string;
    readonly timeZone: string;
    readonly mode: string;
    readonly clinicName: string | null;
    readonly clinic: Reach | null;
    readonly forWhom: string | null;
  };
  readonly fee: string;
  readonly more?: readonly (readonly [name: Child, value: Child | null])[];
}) => {
  const words = bookWords[visit.reader.locale].facts;
  const { startsAt, endsAt, timeZone } = of;
  return (
    <Facts
      of={[
        [
          words.when,
          <>
            <span class="moment">
              <Instant visit={visit} at={startsAt} timeZone={timeZone} withZone />
            </span>
            <br />
            <span class="soft">
              {words.minutes(
                clockText(startsAt, timeZone, visit.reader.locale),
                clockText(endsAt, timeZone, visit.reader.locale),
              )}
            </span>
          </>,
        ],
        [words.doctor, <a href={`/doctors/${of.doctorId}`}>{of.doctorName ?? words.doctor}</a>],
        [
          words.where,
          <>
            {visit.words.modes[of.mode]}
            {of.clinicName === null ? '' : `: ${of.clinicName}`}
            {of.clinic === null ? null : <Address of={of.clinic} />}
          </>,
        ],
        [words.forWhom, of.forWhom],
        [words.fee, fee],
        ...more,
      ]}
    />
  );
};
