import type { Audience, Channel } from '../../domain/notifications/kinds.ts';
import type { Locale } from '../../domain/notifications/preferences.ts';

/** When an appointment is, and where on the clock of its time zone that stands. */
export interface Time {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** IANA, of the appointment: every time is said in it, wherever its reader is. */
  readonly timeZone: string;
}

/** An appointment as a digest lists it. */
export interface Entry extends Time {
  readonly mode: 'in_person' | 'video';
  readonly clinicName: string | null;
  /** Of whom a doctor's list speaks. */
  readonly patientName: string | null;
}

/** What a notification may be made of. There is no reason for coming here, and no symptom: nobody is sent any. */
export interface WordFacts {
  /** What it is about; of a digest, the first appointment of the day. */
  readonly appointment: Time & { readonly id: string; readonly mode: 'in_person' | 'video' };
  readonly doctorName: string;
  readonly clinicName: string | null;
  readonly patientName: string | null;
  readonly audience: Audience;
  /** Where people open Daybook, without a slash at the end. */
  readonly appUrl: string;
  /** What ends notices of this kind by mail with one click; `null` where nothing can be ended. */
  readonly unsubscribeUrl: string | null;
  /** Of a move: when the appointment was before. */
  readonly previousStartsAtMs?: number | null;
  /** The zone of that time, IANA; without it, the appointment's. */
  readonly previousTimeZone?: string | null;
  /** Of a cancellation: whose it was, if known. */
  readonly by?: Audience | null;
  /** Of a digest: every appointment of the day, in order. */
  readonly day?: readonly Entry[];
  /** Of a digest without them: how many they are. */
  readonly count?: number;
  /** Of a doctor who is late: by how many minutes. The appointment's time is when it is expected then. */
  readonly lateMinutes?: number;
  /** Of an offer: until when it stands. */
  readonly offeredUntilMs?: number | null;
  /** Of money that is given back: it was paid for an appointment that was paid already. */
  readonly isSecondPayment?: boolean;
}

/** In what language and by which way it is said. */
export interface Saying {
  readonly locale: Locale;
  readonly channel: Channel;
}

/** A notification in words. */
export interface Rendered {
  /** One line without names: it is shown on locked screens, and kept by mail servers. */
  readonly subject: string;
  readonly text: string;
  /** The same in HTML, for mail; `null` for every other channel. */
  readonly html: string | null;
}
