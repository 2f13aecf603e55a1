import { beforeAll, describe, expect, test } from 'vitest';
import { type Actor, actor, practice, signedIn } from '../../support/clinic.ts';
import { inWords, ledgerOf, type Told, toldOf } from '../../support/ledger.ts';
import { dependantOf, patient } from '../../support/people.ts';

const hourMs = 3_600_000;
let clinic: Awaited<ReturnType<typeof practice>>;
let times: string[];

const chooses = async (who: Actor, body: unknown) => {
  const { status } = await who.act('PUT', '/users/me/notification-preferences', body);
  expect(status).toBe(200);
};
const reminders = (rows: readonly Told[]): Told[] => rows.filter(({ kind }) => kind === 'reminder');
const books = async (who: Actor, more = {}): Promise<string> => {
  const { body } = await who.holds(await clinic.slot(times.shift() ?? ''), more);
  await who.confirms(body.id);
  await ledgerOf(body.id, (rows) => reminders(rows).length === 6);
  return body.id;
};
/** The reminders that wait for one side, in hours before the appointment, by channel. */
const waiting = async (id: string, audience: 'patient' | 'doctor', startsAtMs: number): Promise<string[]> =>
  reminders(await toldOf(id))
    .filter((row) => row.audience === audience && row.state === 'scheduled')
    .map((row) => `${(startsAtMs - row.due_at_ms) / hourMs} h by ${row.channel}`)
    .toSorted();
const startOf = async (who: Actor, id: string): Promise<number> => Date.parse((await who.reads(id)).body.startsAt);

beforeAll(async () => {
  // Afternoons: none of these reminders meets the night.
  clinic = await practice({ shape: { start: '12:00', end: '21:00' } });
  times = (await clinic.slotsOn()).map(({ localStart }) => localStart.slice(11, 16));
});

describe('another wish', () => {
  test('[NP7] holds for what is booked already: reminders come, go and come back, once each', async () => {
    const nadia = actor(await patient());
    const id = await books(nadia);
    const startsAtMs = await startOf(nadia, id);
    expect(await waiting(id, 'patient', startsAtMs)).toEqual(
      ['2 h by email', '2 h by in_app', '24 h by email', '24 h by in_app'].toSorted(),
    );
    await chooses(nadia, { reminderMinutes: [180, 1_440] });
    const three = ['24 h by email', '24 h by in_app', '3 h by email', '3 h by in_app'];
    expect(await waiting(id, 'patient', startsAtMs)).toEqual(three);
    expect(reminders(await toldOf(id)).map(inWords)).toContain(
      'v2 reminder 120 to patient by email: suppressed (switched_off)',
    );
    await chooses(nadia, { reminderMinutes: [] });
    expect(await waiting(id, 'patient', startsAtMs)).toEqual([]);
    await chooses(nadia, { reminderMinutes: [180, 1_440] });
    await chooses(nadia, { reminderMinutes: [1_440, 180] });
    expect(await waiting(id, 'patient', startsAtMs)).toEqual(three);
    // The doctor's have stayed as they were.
    expect(await waiting(id, 'doctor', startsAtMs)).toEqual(['2 h by in_app', '24 h by in_app']);
  });

  test('[NP7] about channels and quiet hours, too', async () => {
    const nadia = actor(await patient());
    const id = await books(nadia);
    const startsAtMs = await startOf(nadia, id);
    await chooses(nadia, { kinds: { reminder: { email: false } }, reminderMinutes: [120] });
    expect(await waiting(id, 'patient', startsAtMs)).toEqual(['2 h by in_app']);
    const local = (ms: number) => new Date(ms + 6 * hourMs).toISOString().slice(11, 16);
    const quietHours = {
      ...{ from: local(startsAtMs - 2.5 * hourMs), to: local(startsAtMs - hourMs), timeZone: 'Asia/Dhaka' },
    };
    await chooses(nadia, { quietHours });
    expect(await waiting(id, 'patient', startsAtMs)).toEqual(['1 h by in_app']);
  });

  test('[NP7] of a guardian holds for dependants', async () => {
    const mother = await patient();
    const child = await dependantOf(mother.id);
    const self = await signedIn(mother.id, 'patient', { dependantIds: [child] });
    const id = await books(self, { patientId: child });
    await chooses(self, { reminderMinutes: [60] });
    expect(await waiting(id, 'patient', await startOf(self, id))).toEqual(['1 h by email', '1 h by in_app']);
  });

  test('[NP7] of a doctor holds for patients who have none of their own', async () => {
    const [silent, choosy] = [actor(await patient()), actor(await patient())];
    const [theirs, own] = [await books(silent), await books(choosy)];
    await chooses(choosy, { reminderMinutes: [240] });
    await chooses(clinic.doctor, { patientReminderMinutes: [300] });
    expect(await waiting(theirs, 'patient', await startOf(silent, theirs))).toEqual(['5 h by email', '5 h by in_app']);
    expect(await waiting(own, 'patient', await startOf(choosy, own))).toEqual(['4 h by email', '4 h by in_app']);
    expect(await waiting(own, 'doctor', await startOf(choosy, own))).toEqual(['2 h by in_app', '24 h by in_app']);
    await chooses(clinic.doctor, { patientReminderMinutes: null });
    expect(await waiting(theirs, 'patient', await startOf(silent, theirs))).toEqual([
      ...['2 h by email', '2 h by in_app', '24 h by email', '24 h by in_app'],
    ]);
  });
});
