import type { Status } from '../domain/doctor-day/appointment.ts';
import { calendarUid } from '../domain/ids.ts';
import type { Mode } from '../domain/schedule.ts';
import { calendarText } from './calendar.ts';
import { eventStatus } from './event.ts';
import { type Property, parameterText } from './jcal.ts';

/** Somebody with an e-mail address, as an invitation names them. */
export interface Participant {
  readonly name: string;
  readonly address: string;
}

/** Who invites, and where answers go: see `organizerOf`. */
export interface Organizer extends Participant {
  readonly readsAnswers: boolean;
}

/** What an invitation is made from. Instants in ms. Reason and symptoms are no part of it. */
export interface InviteFacts {
  readonly appointment: {
    readonly id: string;
    readonly status: Status;
    /** Rises with every change, also when the appointment moves to another day or doctor. */
    readonly version: number;
    readonly startsAtMs: number;
    readonly endsAtMs: number;
    readonly timeZone: string;
    readonly mode: Mode;
    readonly createdAtMs: number;
    readonly updatedAtMs: number;
  };
  /** Who reads it: patients see the doctor's name, doctors the patient's. */
  readonly audience: 'patient' | 'doctor';
  readonly doctorName: string;
  readonly patientName: string | null;
  readonly clinicName: string | null;
  readonly clinicAddress?: string | null;
  readonly organizer: Organizer;
  /** Whom it invites; `null` publishes the event and invites nobody. */
  readonly attendee: Participant | null;
  /** When the message is made. */
  readonly nowMs: number;
}

/** An iTIP message (RFC 5546). */
export interface Invite {
  readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
  readonly ics: string;
}

/** What an invitation to somebody is: to come, or not to come after all. */
export type Invitation = Invite & { readonly method: 'REQUEST' | 'CANCEL' };

/**
 * The iTIP message that puts an appointment into a calendar, moves it there, or takes it out (RFC 5546 section 3.2).
 * One appointment has one UID for ever, and a SEQUENCE that rises with its version, so that a move is one event moved.
 */
export function inviteOf(facts: InviteFacts & { readonly attendee: Participant }): Invitation;
export function inviteOf(facts: InviteFacts): Invite;
export function inviteOf(facts: InviteFacts): Invite {
  const { appointment, attendee, organizer } = facts;
  const status = eventStatus(appointment.status);
  const method = attendee === null ? 'PUBLISH' : status === 'CANCELLED' ? 'CANCEL' : 'REQUEST';
  const with_ = facts.audience === 'patient' ? facts.doctorName : (facts.patientName ?? 'a patient');
  const event = {
    uid: calendarUid(appointment.id),
    sequence: appointment.version,
    startsAtMs: appointment.startsAtMs,
    endsAtMs: appointment.endsAtMs,
    timeZone: appointment.timeZone,
    status,
    createdAtMs: appointment.createdAtMs,
    changedAtMs: appointment.updatedAtMs,
    stampMs: facts.nowMs,
    summary: `Appointment with ${with_}`,
    description: appointment.mode === 'video' ? 'By video' : null,
    location: placeOf(facts),
    busy: true,
    more: [
      addressed('organizer', organizer, {}),
      ...(attendee === null ? [] : [addressed('attendee', attendee, askedFor(method, organizer))]),
    ],
  } as const;
  return { method, ics: calendarText([event], [['method', {}, 'text', method]]) };
}

/** With answers that nobody reads, programs are told that the person comes, and ask for nothing. */
const askedFor = (method: Invite['method'], { readsAnswers }: Organizer): Readonly<Record<string, string>> => {
  const role = 'REQ-PARTICIPANT';
  if (method !== 'REQUEST') return { role };
  return readsAnswers
    ? { role, partstat: 'NEEDS-ACTION', rsvp: 'TRUE' }
    : { role, partstat: 'ACCEPTED', rsvp: 'FALSE' };
};

/** Where somebody has to go: the clinic with its address; nowhere for a visit by video. */
const placeOf = ({ appointment, clinicName, clinicAddress }: InviteFacts): string | null =>
  appointment.mode === 'video' ? null : [clinicName, clinicAddress].filter(Boolean).join(', ') || null;

const addressed = (
  name: 'organizer' | 'attendee',
  { name: called, address }: Participant,
  parameters: Readonly<Record<string, string>>,
): Property => [name, { cn: parameterText(called) || 'Daybook', ...parameters }, 'cal-address', `mailto:${address}`];
