import type { Status } from './doctor-day/appointment.ts';

/** What a clinic's webhooks can be told of, about appointments at that clinic. */
export const webhookEventTypes = [
  'appointment.requested',
  'appointment.confirmed',
  'appointment.rejected',
  'appointment.moved',
  'appointment.moved_away',
  'appointment.cancelled',
  'appointment.expired',
  'appointment.completed',
  'appointment.no_show',
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** An event of a doctor-day: what happened, and how the appointment stood before and after it, as far as is known. */
export interface AppointmentHappening {
  readonly action: string;
  readonly before: Status | null;
  readonly after: Status | null;
}

/**
 * What a clinic is told of an event; `null` for what is no business of a clinic: holds that come and go, patients' words,
 * and the steps of a move but the last.
 */
export const webhookEventOf = ({ action, before, after }: AppointmentHappening): WebhookEventType | null => {
  const wasHold = before === 'pending';
  switch (action) {
    case 'approval_requested':
      return 'appointment.requested';
    case 'confirmed':
    case 'accepted':
      return 'appointment.confirmed';
    case 'rejected':
      return 'appointment.rejected';
    case 'rescheduled':
    case 'moved_in':
      return after === 'pending' ? null : 'appointment.moved';
    case 'cancelled':
      return wasHold ? null : 'appointment.cancelled';
    case 'expired':
      return wasHold ? null : 'appointment.expired';
    case 'completed':
      return 'appointment.completed';
    case 'marked_no_show':
      return 'appointment.no_show';
    default:
      return null;
  }
};

/** What is known of the appointment that an event is about: ids and times, and nothing of the patient. */
export interface WebhookFacts {
  readonly appointmentId: string;
  readonly clinicId: string;
  readonly doctorId: string;
  readonly status: Status;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly timeZone: string;
  /** Rises with every event of the appointment: of two that come in the wrong order the higher one counts. */
  readonly version: number;
  /** Of a move: when it was before. */
  readonly previousStartsAtMs: number | null;
}

const instant = (ms: number): string => new Date(ms).toISOString();

/**
 * The text of a post: the same for the same event, however often it is made. A clinic that an appointment has left is not
 * told where it is now.
 */
export const webhookBody = (type: WebhookEventType, atMs: number, facts: WebhookFacts): string => {
  const { startsAtMs, endsAtMs, previousStartsAtMs, ...ids } = facts;
  const { appointmentId, clinicId, version } = ids;
  const times = { startsAt: instant(startsAtMs), endsAt: instant(endsAtMs) };
  const before = previousStartsAtMs === null ? {} : { previousStartsAt: instant(previousStartsAtMs) };
  const data =
    type === 'appointment.moved_away'
      ? { appointmentId, clinicId, version, ...before }
      : { ...ids, ...times, ...before };
  return JSON.stringify({ type, timestamp: instant(atMs), data });
};
