import type { Audience } from '../../domain/notifications/kinds.ts';

/** A line of what an appointment is: `Doctor`, `Rahima Khatun`. */
export interface Detail {
  readonly label: string;
  readonly value: string;
}

/** A mail before it is text or HTML: plain lines, none of them markup. */
export interface Letter {
  readonly tag: string;
  readonly dir: 'ltr' | 'rtl';
  readonly audience: Audience;
  readonly title: string;
  readonly lead: string;
  readonly date: string;
  /** What is read first: the time of day. `null` where there are several. */
  readonly hours: string | null;
  /** The time zone by its name. */
  readonly zone: string;
  readonly details: readonly Detail[];
  readonly action: { readonly label: string; readonly url: string };
  readonly why: string;
  readonly preferences: { readonly label: string; readonly url: string };
  readonly unsubscribe: { readonly label: string; readonly url: string } | null;
}

/** A mail as plain text (RFC 3676 without flowing: a client wraps as it likes). */
export const textOf = (letter: Letter): string =>
  [
    letter.title,
    letter.lead,
    [letter.date, ...(letter.hours === null ? [] : [letter.hours]), letter.zone].join('\n'),
    letter.details.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    `${letter.action.label}: ${letter.action.url}`,
    [
      '-- ',
      'Daybook',
      letter.why,
      `${letter.preferences.label}: ${letter.preferences.url}`,
      ...(letter.unsubscribe === null ? [] : [`${letter.unsubscribe.label}: ${letter.unsubscribe.url}`]),
    ].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
