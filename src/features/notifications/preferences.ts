import type { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { notificationPreferences } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import {
  type Audience,
  type Channel,
  channels,
  kindRules,
  kindsFor,
  type NotificationKind,
} from '../../domain/notifications/kinds.ts';
import { defaultPreferences, isOn, type Switches } from '../../domain/notifications/preferences.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { type PreferencesRow, preferencesIn, storedPreferences } from '../../notifications/preferences.ts';
import { auditStatement } from '../audit/record.ts';
import type { PreferencesEdit, preferencesSchema } from './preferences-schema.ts';

/** As whom an account is told of appointments. */
export const audienceOf = (role: Identity['role']): Audience => (role === 'doctor' ? 'doctor' : 'patient');

/** The kinds that an account can be told of and choose about: those of appointments, which staff and admins have none of. */
const kindsOf = (role: Identity['role']): NotificationKind[] =>
  role === 'doctor' || role === 'patient' ? kindsFor(role).filter((kind) => kindRules[kind].optional) : [];

/** How an account wants to be told, as the API shows it. */
export const preferencesView = (
  row: PreferencesRow | undefined,
  role: Identity['role'],
): z.input<typeof preferencesSchema> => {
  const preferences = preferencesIn(row);
  const audience = audienceOf(role);
  const { locale, offsetsMinutes, patientOffsetsMinutes, quietHours, timeZone } = preferences;
  const order = [...new Set([...preferences.channels, ...channels])];
  const switchesOf = (kind: NotificationKind) =>
    Object.fromEntries(channels.map((channel) => [channel, isOn(preferences, kind, audience, channel)]));
  return {
    locale,
    channels: order.filter((channel): channel is Exclude<Channel, 'in_app'> => channel !== 'in_app'),
    kinds: Object.fromEntries(kindsOf(role).map((kind) => [kind, switchesOf(kind)])),
    reminderMinutes: offsetsMinutes === null ? null : [...offsetsMinutes],
    ...(role === 'doctor'
      ? { patientReminderMinutes: patientOffsetsMinutes === null ? null : [...patientOffsetsMinutes] }
      : {}),
    quietHours: quietHours === null ? null : { ...quietHours, timeZone },
    updatedAt: row === undefined ? null : new Date(row.updatedAtMs).toISOString(),
  };
};

/**
 * Changes how an account wants to be told. Refuses with `cannot_be_switched_off`, `not_told_of_this`, `only_for_doctors`
 * and `version_conflict`.
 */
export const editPreferences = async (
  db: Database,
  actor: Identity,
  edit: PreferencesEdit,
  nowMs: number,
): Promise<Result<PreferencesRow | undefined, Refusal>> => {
  const named = Object.keys(edit.kinds ?? {}) as NotificationKind[];
  if (named.some((kind) => !kindRules[kind].optional)) return refused(refusal('cannot_be_switched_off'));
  const known = kindsOf(actor.role);
  if (named.some((kind) => !known.includes(kind))) return refused(refusal('not_told_of_this'));
  if (edit.patientReminderMinutes !== undefined && actor.role !== 'doctor') return refused(refusal('only_for_doctors'));
  return stored(db, actor, edit, { by: 'owner' }, nowMs);
};

/** Ends mails of a kind to an account, by the click on a link in one. To do it again changes nothing. */
export const endMailsOf = async (
  db: Database,
  account: Identity,
  kind: NotificationKind,
  nowMs: number,
): Promise<Result<PreferencesRow | undefined, Refusal>> =>
  stored(db, account, { kinds: { [kind]: { email: false } } }, { by: 'link', kind }, nowMs);

const stored = async (
  db: Database,
  actor: Identity,
  edit: PreferencesEdit,
  why: Readonly<Record<string, string>>,
  nowMs: number,
): Promise<Result<PreferencesRow | undefined, Refusal>> => {
  const before = await storedPreferences(db, actor.id);
  const { revision: _, updatedAtMs: _at, ...was } = before ?? fresh(actor.id);
  const after = edited(was, edit);
  const fields = (Object.keys(was) as (keyof typeof was)[]).filter(
    (name) => JSON.stringify(was[name]) !== JSON.stringify(after[name]),
  );
  if (fields.length === 0) return ok(before);
  const row: PreferencesRow = { ...after, revision: (before?.revision ?? 0) + 1, updatedAtMs: nowMs };
  try {
    await db.batch([
      guard(db, isStill(before, actor.id)),
      db
        .insert(notificationPreferences)
        .values(row)
        .onConflictDoUpdate({ target: notificationPreferences.accountId, set: row }),
      auditStatement(db, {
        stream: `account:${actor.id}`,
        actor,
        action: 'notification_preferences.changed',
        subjectId: actor.id,
        data: { fields, ...why },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('version_conflict'));
    throw error;
  }
  return ok(row);
};

type Choices = Omit<PreferencesRow, 'revision' | 'updatedAtMs'>;

const fresh = (accountId: string): PreferencesRow => ({
  accountId,
  locale: defaultPreferences.locale,
  channels: null,
  switches: {},
  reminderMinutes: null,
  patientReminderMinutes: null,
  quietHours: null,
  revision: 0,
  updatedAtMs: 0,
});

/** Longest first: in which order somebody has written them makes no other choice. */
const sorted = (minutes: readonly number[] | null) => (minutes === null ? null : [...minutes].sort((a, b) => b - a));

const edited = (was: Choices, edit: PreferencesEdit): Choices => {
  const { reminderMinutes = was.reminderMinutes, patientReminderMinutes = was.patientReminderMinutes } = edit;
  return {
    accountId: was.accountId,
    locale: edit.locale ?? was.locale,
    channels: edit.channels ?? was.channels,
    switches: merged(was.switches, edit.kinds ?? {}),
    reminderMinutes: sorted(reminderMinutes),
    patientReminderMinutes: sorted(patientReminderMinutes),
    quietHours: edit.quietHours === undefined ? was.quietHours : (edit.quietHours ?? 'none'),
  };
};

const merged = (was: Switches, change: Switches): Switches => {
  const kinds = [...new Set([...Object.keys(was), ...Object.keys(change)])] as NotificationKind[];
  return Object.fromEntries(kinds.toSorted().map((kind) => [kind, { ...was[kind], ...change[kind] }]));
};

/** Nobody has changed them meanwhile, and they are of somebody who is there. */
const isStill = (before: PreferencesRow | undefined, accountId: string) => sql`
  exists (select 1 from accounts where id = ${accountId} and deactivated_at_ms is null)
  and coalesce((select revision from notification_preferences where account_id = ${accountId}), 0)
    = ${before?.revision ?? 0}`;
