import type { LocalTime } from '../schedule.ts';
import { type Audience, type Channel, channels, defaultChannels, kindRules, type NotificationKind } from './kinds.ts';

/** Languages in which people are told. */
export const locales = ['en', 'bn'] as const;
export type Locale = (typeof locales)[number];

/** When a person wants no reminders, by the clock where they are; `from` after `to` is over midnight. */
export interface QuietHours {
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** What somebody has switched on or off against the default, by kind and channel. */
export type Switches = Readonly<Partial<Record<NotificationKind, Readonly<Partial<Record<Channel, boolean>>>>>>;

/** How somebody wants to be told. */
export interface Preferences {
  readonly locale: Locale;
  /** The IANA zone of their quiet hours; `null` takes the zone of the appointment. */
  readonly timeZone: string | null;
  readonly quietHours: QuietHours | null;
  /** How long before an appointment they want to be reminded, minutes; `null` when they have not said. */
  readonly offsetsMinutes: readonly number[] | null;
  /** Of a doctor: how long before an appointment patients are reminded who have not said; `null` when neither has. */
  readonly patientOffsetsMinutes: readonly number[] | null;
  /** The order in which they prefer channels; those that it leaves out come after it in the order of the kind. */
  readonly channels: readonly Channel[];
  readonly switches: Switches;
}

/** How many reminders of one appointment, and how long before it: a quarter of an hour to seven days. */
export const maxOffsets = 4;
export const minOffsetMinutes = 15;
export const maxOffsetMinutes = 7 * 24 * 60;
const defaultOffsetsMinutes: readonly number[] = [24 * 60, 2 * 60];

/** How somebody who has said nothing is told: 24 and 2 hours before, and not at night. */
export const defaultPreferences: Preferences = {
  locale: 'en',
  timeZone: null,
  quietHours: { from: '22:00', to: '07:00' },
  offsetsMinutes: null,
  patientOffsetsMinutes: null,
  channels: [],
  switches: {},
};

/** Whether somebody is told of a kind by a channel. What nobody may switch off is on whatever they have stored. */
export const isOn = (
  { switches }: Pick<Preferences, 'switches'>,
  kind: NotificationKind,
  audience: Audience,
  channel: Channel,
): boolean => {
  const byDefault = defaultChannels(kind, audience);
  if (byDefault.length === 0) return false;
  const switched = kindRules[kind].optional ? switches[kind]?.[channel] : undefined;
  return switched ?? byDefault.includes(channel);
};

/** The ways by which somebody is told of a kind, the most preferred first. Only kinds that concern the audience. */
export const channelsFor = (
  preferences: Preferences,
  kind: NotificationKind,
  audience: Audience,
): readonly Channel[] => {
  const order = new Set([...preferences.channels, ...defaultChannels(kind, audience), ...channels]);
  return [...order].filter((channel) => isOn(preferences, kind, audience, channel));
};

/**
 * How long before an appointment somebody is reminded, minutes, the longest first: as they wish; otherwise, of
 * patients, as their doctor wishes; otherwise 24 and 2 hours.
 */
export const offsetsFor = (
  audience: Audience,
  own: Pick<Preferences, 'offsetsMinutes'>,
  doctor: Pick<Preferences, 'patientOffsetsMinutes'>,
): readonly number[] => {
  const suggested = audience === 'patient' ? doctor.patientOffsetsMinutes : null;
  const offsets = own.offsetsMinutes ?? suggested ?? defaultOffsetsMinutes;
  return [...new Set(offsets)].sort((a, b) => b - a);
};
