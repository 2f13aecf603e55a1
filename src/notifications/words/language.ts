import type { Audience, NotificationKind } from '../../domain/notifications/kinds.ts';

/** What the sentences of a language are filled with: text that may stand in a line, never markup. */
export interface Said {
  readonly doctor: string;
  /** When it was before a move, and by which clock; `null` when that is not known. */
  readonly previous: string | null;
  readonly by: Audience | null;
  /** How many appointments a digest lists, in the digits of the language. */
  readonly count: string;
  readonly single: boolean;
  /** How late a doctor is, minutes, in the digits of the language. */
  readonly minutes: string;
  /** Until when an offer stands, by the clock of the appointment. */
  readonly until: string | null;
}

/** How one thing is said to one audience. */
export interface Wording {
  /** A line without names. */
  readonly title: string;
  /** The same in a few words, for SMS. */
  readonly brief: string;
  /** One or two sentences: what it means, and what to do. */
  readonly lead: (said: Said) => string;
}

/** A language: all that is ever said in it. */
export interface Language {
  /** BCP 47, for `lang`. */
  readonly tag: string;
  readonly dir: 'ltr' | 'rtl';
  readonly wordings: Readonly<Record<NotificationKind, Readonly<Record<Audience, Wording>>>>;
  /** Of money that is given back, where it was paid twice: the appointment is not off. */
  readonly secondPayment: Wording;
  readonly labels: {
    readonly date: string;
    readonly time: string;
    readonly doctor: string;
    readonly patient: string;
    readonly place: string;
    readonly video: string;
    readonly open: string;
    readonly openDay: string;
    /** That an offer is kept until a time. */
    readonly keptUntil: (until: string) => string;
    readonly why: Readonly<Record<Audience, string>>;
    readonly preferences: string;
    readonly unsubscribe: string;
  };
}
