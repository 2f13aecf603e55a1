import { type Audience, type Channel, isByEveryWay, type NotificationKind } from './kinds.ts';
import { channelsFor, type Preferences } from './preferences.ts';

/** By which ways an account can be told at all; its list in the app is always there. */
export type Reach = Readonly<Record<Exclude<Channel, 'in_app'>, boolean>>;

/** Whether somebody can be told by a channel. */
export const reaches = (reach: Reach, channel: Channel): boolean => channel === 'in_app' || reach[channel];

/**
 * The ways by which somebody is told of one thing: the first that they prefer and that reaches them, and their list in
 * the app if they want it there. More than one way that leaves the app would tell them twice; only what cannot wait does.
 */
export const waysTo = (
  preferences: Preferences,
  kind: NotificationKind,
  audience: Audience,
  reach: Reach,
): readonly Channel[] => {
  const wanted = channelsFor(preferences, kind, audience);
  if (isByEveryWay(kind)) return wanted.filter((channel) => reaches(reach, channel));
  const first = nextWay(preferences, kind, audience, reach, []);
  const inApp = wanted.filter((channel) => channel === 'in_app');
  return first === null ? inApp : [first, ...inApp];
};

/** The most preferred way that reaches somebody and was not tried yet; `null` when there is none. */
export const nextWay = (
  preferences: Preferences,
  kind: NotificationKind,
  audience: Audience,
  reach: Reach,
  tried: readonly Channel[],
): Channel | null =>
  channelsFor(preferences, kind, audience).find(
    (channel) => channel !== 'in_app' && reach[channel] && !tried.includes(channel),
  ) ?? null;
