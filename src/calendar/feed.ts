import type { Status } from '../domain/doctor-day/appointment.ts';
import type { Interval } from '../domain/interval.ts';
import { initialsOf } from '../domain/names.ts';
import type { Mode } from '../domain/schedule.ts';
import { calendarText } from './calendar.ts';
import { type CalendarEvent, eventStatus } from './event.ts';
import { type Property, text } from './jcal.ts';

/** How often programs are asked to look again (RFC 7986 section 5.7); most look more rarely whatever is asked. */
const refreshInterval = 'PT15M';
const colors = { doctor: 'teal', patient: 'steelblue' } as const;

/** An appointment as a feed knows it. Instants in ms. */
export interface FeedAppointment {
  readonly uid: string;
  readonly version: number;
  readonly status: Status;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly timeZone: string;
  readonly mode: Mode;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly doctorName: string;
  readonly patientName: string;
  /** Whether the patient is the owner of the feed, and not somebody for whom they book. */
  readonly own: boolean;
  readonly clinicName: string | null;
  readonly clinicAddress: string | null;
}

/** What a feed shows, and how much of it. */
export interface FeedFacts {
  readonly kind: 'doctor' | 'patient';
  readonly privacy: 'busy' | 'initials' | 'full';
  readonly label: string;
  readonly appointments: readonly FeedAppointment[];
  /** Free time, with the zone that it is shown in and the doctor whose it is; `null` shows none. */
  readonly free: { readonly doctorId: string; readonly timeZone: string; readonly times: readonly Interval[] } | null;
  /** Stands for when free time was made: something that changes as rarely as may be. */
  readonly freeStampMs: number;
}

/**
 * A calendar to subscribe to (RFC 5545, 7986). It is a function of what it shows and of nothing else, so that the same
 * appointments are the same bytes and the same ETag; DTSTAMP is therefore the last change (RFC 5545 section 3.8.7.2).
 */
export const feedOf = (facts: FeedFacts): string =>
  calendarText([...facts.appointments.map((one) => eventOf(facts, one)), ...freeEvents(facts)], [
    text('name', facts.label),
    text('x-wr-calname', facts.label),
    ['color', {}, 'text', colors[facts.kind]],
    ['refresh-interval', {}, 'duration', refreshInterval],
    ['x-published-ttl', {}, 'duration', refreshInterval],
  ] satisfies Property[]);

const eventOf = (facts: FeedFacts, one: FeedAppointment): CalendarEvent => ({
  uid: one.uid,
  sequence: one.version,
  startsAtMs: one.startsAtMs,
  endsAtMs: one.endsAtMs,
  timeZone: one.timeZone,
  status: eventStatus(one.status),
  createdAtMs: one.createdAtMs,
  changedAtMs: one.updatedAtMs,
  stampMs: one.updatedAtMs,
  summary: `${prefixOf(one.status)}${titleOf(facts, one)}`,
  busy: true,
  ...(facts.privacy === 'full' ? { description: modes[one.mode], location: placeOf(one) } : {}),
});

const modes = { in_person: 'In person', video: 'By video' } as const;

/** Many programs show a subscribed event without its STATUS: what it is stands in the text as well. */
const prefixOf = (status: Status): string => {
  switch (eventStatus(status)) {
    case 'TENTATIVE':
      return status === 'pending' ? 'Held: ' : 'Requested: ';
    case 'CANCELLED':
      return 'Cancelled: ';
    case 'CONFIRMED':
      return '';
  }
};

/** With whom: as much of it as the feed's privacy lets through. */
const titleOf = ({ kind, privacy }: FeedFacts, one: FeedAppointment): string => {
  if (privacy === 'busy') return 'Busy';
  const shown = (name: string): string => (privacy === 'full' ? name : initialsOf(name) || '–');
  if (kind === 'doctor') return shown(one.patientName);
  return one.own ? shown(one.doctorName) : `${shown(one.patientName)} with ${shown(one.doctorName)}`;
};

const placeOf = ({ mode, clinicName, clinicAddress }: FeedAppointment): string | null =>
  mode === 'video' ? null : [clinicName, clinicAddress].filter(Boolean).join(', ') || null;

const freeEvents = ({ free, freeStampMs }: FeedFacts): CalendarEvent[] =>
  free === null
    ? []
    : free.times.map(({ startsAtMs, endsAtMs }) => ({
        uid: `free-${free.doctorId}-${startsAtMs / 60_000}@daybook`,
        sequence: 0,
        ...{ startsAtMs, endsAtMs },
        timeZone: free.timeZone,
        status: 'CONFIRMED',
        createdAtMs: freeStampMs,
        changedAtMs: freeStampMs,
        stampMs: freeStampMs,
        summary: 'Free',
        busy: false,
      }));
