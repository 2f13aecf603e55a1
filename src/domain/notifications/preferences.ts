import type { LocalTime } from '../schedule.ts';
import { type Audience, type Channel, defaultChannels, type NotificationKind } from './kinds.ts';

/** Languages in which people are told. */
export const locales = ['en', 'bn'] as const;
export type Locale = (typeof locales)[number];

/** When a person wants no reminders, by the clock where they are; `from` after `to` is over midnight. */
export interface QuietHours {
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** How somebody wants to be told. */
export interface Preferences {
  readonly locale: Locale;
  /** The IANA zone of their quiet hours; `null` takes the zone of the appointment. */
  readonly timeZone: string | null;
  readonly quietHours: QuietHours | null;
  /** How long before an appointment they are reminded, minutes. */
  readonly offsetsMinutes: readonly number[];
  /** The ways they chose for a kind, the most preferred first, none for a kind they switched off; missing is default. */
  readonly chosen: Readonly<Partial<Record<NotificationKind, readonly Channel[]>>>;
}

/** How somebody who has said nothing is told: 24 and 2 hours before, and not at night. */
export const defaultPreferences: Preferences = {
  locale: 'en',
  timeZone: null,
  quietHours: { from: '22:00', to: '07:00' },
  offsetsMinutes: [24 * 60, 2 * 60],
  chosen: {},
};

/** The ways by which somebody is told of a kind, the most preferred first. Only kinds that concern the audience. */
export const channelsFor = (
  preferences: Preferences,
  kind: NotificationKind,
  audience: Audience,
): readonly Channel[] => {
  const byDefault = defaultChannels(kind, audience);
  return byDefault.length === 0 ? [] : (preferences.chosen[kind] ?? byDefault);
};
