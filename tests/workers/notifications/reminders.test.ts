import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { digestDueMs } from '../../../src/domain/notifications/timing.ts';
import { consumeIntents } from '../../../src/notifications/intents.ts';
import { sendClaimed } from '../../../src/notifications/send.ts';
import { type Actor, actor, eventually, practice } from '../../support/clinic.ts';
import { inWords, ledgerOf, sendDueAt, sweepAt, type Told, toldOf } from '../../support/ledger.ts';
import { mailTo } from '../../support/mailbox.ts';
import { type Person, patient } from '../../support/people.ts';

const hourMs = 3_600_000;
let clinic: Awaited<ReturnType<typeof practice>>;
let person: Person;
let self: Actor;
/** Afternoons: no reminder of these meets the night. */
let times: string[];

beforeAll(async () => {
  clinic = await practice({ shape: { start: '10:00', end: '21:00' } });
  person = await patient();
  self = actor(person);
  times = (await clinic.slotsOn()).map(({ localStart }) => localStart.slice(11, 16));
  booked = [];
  for (const _ of [1, 2, 3]) booked.push(...(await Promise.all([begins(), begins(), begins()])));
});

/** Made together at the beginning: what each brings to D1 takes a moment. */
let booked: { id: string; startsAtMs: number }[];
const books = async (): Promise<{ id: string; startsAtMs: number }> => {
  const next = booked.shift();
  if (next === undefined) throw new Error('more appointments are asked for than were made');
  return next;
};
const begins = async (): Promise<{ id: string; startsAtMs: number }> => {
  const { body } = await self.holds(await clinic.slot(times.shift() ?? ''));
  await self.confirms(body.id);
  await ledgerOf(body.id, (rows) => reminders(rows).length === 6);
  return { id: body.id, startsAtMs: Date.parse(body.startsAt) };
};

const reminders = (rows: readonly Told[]): Told[] => rows.filter(({ kind }) => kind === 'reminder');
const ofMail = (rows: readonly Told[]): string[] =>
  reminders(rows)
    .filter(({ channel }) => channel === 'email')
    .map(inWords);

describe('reminders', () => {
  test('[NT9] [NT12] are planned for both sides when an appointment is confirmed', async () => {
    const { id, startsAtMs } = await books();
    expect(reminders(await toldOf(id)).map((row) => [inWords(row), (startsAtMs - row.due_at_ms) / hourMs])).toEqual([
      ['v2 reminder 1440 to patient by email: scheduled', 24],
      ['v2 reminder 1440 to patient by in_app: scheduled', 24],
      ['v2 reminder 120 to patient by email: scheduled', 2],
      ['v2 reminder 120 to patient by in_app: scheduled', 2],
      ['v2 reminder 1440 to doctor by in_app: scheduled', 24],
      ['v2 reminder 120 to doctor by in_app: scheduled', 2],
    ]);
  });

  test('[NT5] [NT16] go once when they are due, whoever sweeps and however often', async () => {
    const { id, startsAtMs } = await books();
    const dueAtMs = startsAtMs - 24 * hourMs;
    await Promise.all([sendDueAt(id, dueAtMs - 1), sendDueAt(id, dueAtMs), sendDueAt(id, dueAtMs)]);
    const claimed = reminders(await toldOf(id)).map((row) => row.id);
    await Promise.all([sendClaimed(env, claimed, dueAtMs), sendClaimed(env, claimed, dueAtMs), sendDueAt(id, dueAtMs)]);
    expect(ofMail(await toldOf(id))).toEqual([
      'v2 reminder 1440 to patient by email: sent',
      'v2 reminder 120 to patient by email: scheduled',
    ]);
    const mail = (await mailTo(person.email)).filter(({ kind, text }) => kind === 'reminder' && text.includes(id));
    expect(mail).toHaveLength(1);
  });

  test('[NT12] [NT14] are not sent of an appointment that is cancelled, whether or not the ledger has heard', async () => {
    const { id } = await books();
    await self.cancels(id);
    const rows = await ledgerOf(id, (found) => found.some(({ kind }) => kind === 'cancelled'));
    expect(ofMail(rows)).toEqual([
      'v2 reminder 1440 to patient by email: suppressed (cancelled)',
      'v2 reminder 120 to patient by email: suppressed (cancelled)',
    ]);
    const unheard = await books();
    await self.cancels(unheard.id);
    await ledgerOf(unheard.id, (found) => found.some(({ kind }) => kind === 'cancelled'));
    await env.DB.prepare(
      "update notifications set state = 'scheduled', reason = null, next_at_ms = due_at_ms where subject_id = ? and kind = 'reminder'",
    )
      .bind(unheard.id)
      .run();
    await sendDueAt(unheard.id, unheard.startsAtMs - 24 * hourMs);
    expect(ofMail(await toldOf(unheard.id))[0]).toBe('v2 reminder 1440 to patient by email: suppressed (cancelled)');
  });

  test('[NT12] follow an appointment that moves', async () => {
    const { id } = await books();
    const to = times.shift() ?? '';
    await self.moves(id, await clinic.slot(to));
    const rows = await ledgerOf(id, (found) => found.some(({ version, kind }) => version === 3 && kind === 'reminder'));
    expect(ofMail(rows)).toEqual([
      'v2 reminder 1440 to patient by email: suppressed (moved)',
      'v2 reminder 120 to patient by email: suppressed (moved)',
      'v3 reminder 1440 to patient by email: scheduled',
      'v3 reminder 120 to patient by email: scheduled',
    ]);
  });

  test('[NT12] [NT14] wait while the day knows of a change that the ledger has not heard of, and go on after it', async () => {
    const { id, startsAtMs } = await books();
    await self.act('PUT', `/appointments/${id}`, { reason: 'A cough' });
    await ledgerOf(id, (rows) => reminders(rows).every(({ version }) => version === 3));
    await env.DB.prepare("update notifications set version = 2 where subject_id = ? and kind = 'reminder'")
      .bind(id)
      .run();
    const again = await sendDueAt(id, startsAtMs - 24 * hourMs);
    expect(again.length).toBeGreaterThanOrEqual(3);
    expect(ofMail(await toldOf(id))[0]).toBe('v2 reminder 1440 to patient by email: claimed');
    await env.DB.prepare("update notifications set version = 3 where subject_id = ? and kind = 'reminder'")
      .bind(id)
      .run();
    await sendClaimed(env, again, startsAtMs - 24 * hourMs);
    expect(ofMail(await toldOf(id))[0]).toBe('v3 reminder 1440 to patient by email: sent');
  });

  test('[NT13] are not sent again of a time that an appointment comes back to', async () => {
    const { id, startsAtMs } = await books();
    const [slot, other] = [(await self.reads(id)).body.slotId, await clinic.slot(times.shift() ?? '')];
    await sendDueAt(id, startsAtMs - 24 * hourMs);
    await self.moves(id, other);
    await self.moves(id, slot);
    const rows = await ledgerOf(id, (found) => found.some(({ version, kind }) => version === 4 && kind === 'reminder'));
    const live = ofMail(rows).filter((line) => !line.includes('suppressed'));
    expect(live).toEqual([
      'v2 reminder 1440 to patient by email: sent',
      'v4 reminder 120 to patient by email: scheduled',
    ]);
  });

  test('[NT11] go late while they are of use, and otherwise not at all', async () => {
    const { id, startsAtMs } = await books();
    await sendDueAt(id, startsAtMs - 18 * hourMs);
    await sendDueAt(id, startsAtMs - hourMs / 2);
    expect(ofMail(await toldOf(id))).toEqual([
      'v2 reminder 1440 to patient by email: sent',
      'v2 reminder 120 to patient by email: suppressed (too_late)',
    ]);
  });

  test('[NT15] that were due before the appointment was made are not sent', async () => {
    const { body } = await self.holds(await clinic.slot(times.shift() ?? ''));
    const early = 3 * 24 * 60 + 24 * 60;
    await self.act('PUT', '/users/me/notification-preferences', { reminderMinutes: [early], quietHours: null });
    await self.confirms(body.id);
    const rows = await ledgerOf(body.id, (found) => reminders(found).length === 4);
    expect(ofMail(rows)).toEqual([`v2 reminder ${early} to patient by email: suppressed (booked_late)`]);
    await self.act('PUT', '/users/me/notification-preferences', { reminderMinutes: null });
  });

  test('[NT16] a claim that came to nothing lapses and is made again', async () => {
    const { id, startsAtMs } = await books();
    const dueAtMs = startsAtMs - 2 * hourMs;
    await env.DB.prepare(
      "update notifications set state = 'claimed', next_at_ms = ?2 where subject_id = ?1 and kind = 'reminder'",
    )
      .bind(id, dueAtMs + 600_000)
      .run();
    await sweepAt(dueAtMs + 599_000);
    expect(ofMail(await toldOf(id))[1]).toBe('v2 reminder 120 to patient by email: claimed');
    await sweepAt(dueAtMs + 600_000);
    expect(ofMail(await toldOf(id))[1]).toBe('v2 reminder 120 to patient by email: sent');
  });
});

test('[NT3] an intent whose wake-up was lost is taken up by the sweep, and by many at once counts once', async () => {
  vi.spyOn(env.NOTIFICATION_QUEUE, 'sendBatch').mockRejectedValue(new Error('the queue is down'));
  const { body } = await self.holds(await clinic.slot(times.shift() ?? ''));
  await self.confirms(body.id);
  await eventually(
    () => env.DB.prepare('select count(*) as n from notification_intents').first<number>('n'),
    (n) => n === 1,
  );
  vi.restoreAllMocks();
  expect(await toldOf(body.id)).toEqual([]);
  await Promise.all([1, 2, 3].map(() => consumeIntents(env, Date.now())));
  const rows = await toldOf(body.id);
  expect(rows.filter(({ kind }) => kind === 'confirmed').map(({ channel }) => channel)).toEqual([
    ...['email', 'in_app', 'email', 'in_app'],
  ]);
  expect(new Set(rows.map((row) => inWords(row).replace(/:.*/, ''))).size).toBe(rows.length);
});

test('[NT17] a doctor is told of tomorrow, by mail, once; of an empty day nothing', async () => {
  const full = await practice({ shape: { start: '10:00', end: '12:00' } });
  const { doctor, date } = full;
  const taken = await self.holds(await full.slot('10:00'));
  await self.confirms(taken.body.id);
  await ledgerOf(taken.body.id, (rows) => reminders(rows).length > 0);
  const dueAtMs = digestDueMs(date, 'Asia/Dhaka', { quietHours: null, timeZone: 'Asia/Dhaka' });
  const planned = await toldOf(doctor.id);
  expect(planned.map(inWords).map((line) => line.replace(/^v\d+ /, ''))).toEqual([
    'digest to doctor by email: scheduled',
    'digest to doctor by in_app: scheduled',
  ]);
  expect(planned[0]?.due_at_ms).toBe(dueAtMs);
  await sendDueAt(doctor.id, dueAtMs);
  expect((await toldOf(doctor.id)).map(({ state }) => state)).toEqual(['sent', 'delivered']);

  const quiet = await practice({ shape: { start: '10:00', end: '12:00' } });
  const { body } = await self.holds(await quiet.slot('10:00'));
  await self.confirms(body.id);
  await ledgerOf(body.id, (rows) => reminders(rows).length > 0);
  await self.cancels(body.id);
  await ledgerOf(body.id, (rows) => rows.some(({ kind }) => kind === 'cancelled'));
  await sendDueAt(quiet.doctor.id, dueAtMs);
  expect((await toldOf(quiet.doctor.id)).map(({ state, reason }) => [state, reason])).toEqual([
    ['suppressed', 'nothing_to_tell'],
    ['suppressed', 'nothing_to_tell'],
  ]);
});
