// `npm run demo [-- --url URL]`: a booking, played against a running server. Ends with an error on any surprise.
import { randomUUID } from 'node:crypto';
import { addDays, utcDate } from '../domain/local-date.ts';
import { accessTokenOf, answered, apiOf, Refused } from './api.ts';
import { dataFolder, localUrl } from './data-folder.ts';
import { type Shown, subscribe } from './demo-calendar.ts';
import { backstage, remindAt, soonMs } from './demo-reminder.ts';
import { commandLine } from './options.ts';
import { fail, paint, say } from './terminal.ts';

const asked = commandLine({
  name: 'npm run demo',
  does: 'Plays a booking against a running Daybook, and shows it. It registers two patients, and what they book they cancel.',
  options: {
    url: { takes: 'URL', says: 'where Daybook runs; unless told, where npm start runs it' },
    'persist-to': { takes: 'FOLDER', says: 'the data folder that npm start was given' },
  },
  operands: '[URL]',
});
const said = asked.text('url') ?? asked.operands[0];
if (said !== undefined && !/^https?:\/\//.test(said)) fail(`“${said}” is no address: http://localhost:8787 is one.`);
const url = await localUrl({ url: said, folder: dataFolder(asked.text('persist-to')) });
const countdownSeconds = 5;
const beatMs = process.stdout.isTTY ? 700 : 0;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let act = 0;
const heading = async (text: string): Promise<void> => {
  await pause(beatMs);
  act += 1;
  say(`\n${paint('bold', `${act}. ${text}`)}`);
};
const tell = (text: string): void => say(`   ${text}`);
const good = (text: string): void => tell(`${paint('green', '✓')} ${text}`);

/** Ends the play when the world is not as it should be. */
function expect(condition: unknown, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}

/** Expects to be refused with one code. */
const refusedWith = async (code: string, asked: Parameters<typeof answered>[0]): Promise<Refused> => {
  const outcome = await answered(asked).catch((error: unknown) => error);
  expect(outcome instanceof Refused && outcome.code === code, `expected ${code}, got ${JSON.stringify(outcome)}`);
  return outcome;
};

const localTime = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone }).format(new Date(iso));

const patient = async (fullName: string) => {
  const email = `demo-${randomUUID().slice(0, 8)}@daybook.example`;
  const json = { email, fullName, password: `Demo-1-${randomUUID()}`, role: 'patient' } as const;
  return { email, api: apiOf(url, accessTokenOf(await answered(apiOf(url).auth.register.$post({ json })))) };
};

/** A reminder comes a quarter of an hour to seven days before. */
const canBeRemindedOf = (startsAt: string): boolean => {
  const aheadMs = Date.parse(startsAt) - Date.now();
  return aheadMs > 3_600_000 && aheadMs < 7 * 86_400_000;
};

/** The free single seats of a doctor's day. */
const freeSlots = async (doctorId: string, date: string) => {
  const day = await answered(apiOf(url).doctors[':id'].slots.$get({ param: { id: doctorId }, query: { date } }));
  return day.slots.filter(
    ({ capacity, remaining, startsAt }) => capacity === 1 && remaining === 1 && canBeRemindedOf(startsAt),
  );
};

/** A doctor who books at once, with single seats on two days at least. */
const findDoctor = async () => {
  const { items } = await answered(apiOf(url).doctors.$get({ query: { sort: 'soonest', limit: '20' } }));
  expect(items.length > 0, 'no doctor can be found: is the demo data there?');
  const from = utcDate(Date.now() + 86_400_000);
  for (const doctor of items) {
    const param = { id: doctor.id };
    const profile = await answered(apiOf(url).doctors[':id'].$get({ param }));
    if (profile.approvalRequired) continue;
    const query = { from, to: addDays(from, 13) };
    const { days } = await answered(apiOf(url).doctors[':id'].availability.$get({ param, query }));
    const free = days.filter(({ remaining }) => remaining > 0);
    const [first, second] = free;
    if (first === undefined || second === undefined) continue;
    const [slot, later] = [(await freeSlots(doctor.id, first.date))[0], (await freeSlots(doctor.id, second.date))[0]];
    if (slot !== undefined && later !== undefined) return { doctors: items, doctor, days, first, second, slot, later };
  }
  throw new Error('no doctor has single seats on two days');
};

/** The event of an appointment, among those that a calendar shows. */
const own = (events: readonly Shown[], appointmentId: string): Shown => {
  const found = events.find(({ uid }) => uid === `${appointmentId}@daybook`);
  expect(found !== undefined, 'the calendar does not show it');
  return found;
};

const play = async (): Promise<void> => {
  say(paint('dim', `Playing against ${url}`));
  const stage = await backstage(url);

  await heading('Nadia looks for a doctor');
  const { api: nadia, email } = await patient('Nadia Islam');
  const { doctors, doctor, days, first, second, slot, later } = await findDoctor();
  for (const { fullName, specialization, clinics } of doctors.slice(0, 5)) {
    tell(`${fullName.padEnd(22)} ${specialization.padEnd(18)} ${clinics.map(({ city }) => city).join(', ')}`);
  }
  good(`She chooses ${doctor.fullName}, who works in ${doctor.timeZone}`);

  await heading('She looks at the free times');
  for (const { date, remaining } of days.slice(0, 7)) {
    const seats =
      remaining === 0 ? paint('dim', '–') : `${paint('cyan', '▇'.repeat(Math.min(remaining, 40)))} ${remaining}`;
    tell(`${date}  ${seats}`);
  }
  good(`First free: ${localTime(slot.startsAt, doctor.timeZone)}`);

  await heading('She holds that slot');
  const hold = await answered(nadia.appointments.$post({ header: {}, json: { slotId: slot.id, reason: 'Check-up' } }));
  expect(hold.status === 'pending' && hold.expiresAt !== null, `the hold is ${hold.status}`);
  good(`Status ${hold.status}; the seat is hers until ${localTime(hold.expiresAt, doctor.timeZone)}`);

  await heading('A rival wants the same slot');
  const { api: rival } = await patient('Tomas Lindqvist');
  const refusal = await refusedWith('slot_full', rival.appointments.$post({ header: {}, json: { slotId: slot.id } }));
  good(`He is refused: ${paint('yellow', refusal.message)}`);

  await heading('The hold runs while she thinks');
  await countdown(Date.parse(hold.expiresAt), 'left to confirm', countdownSeconds);

  await heading('She confirms');
  const param = { id: hold.id };
  const confirmed = await answered(nadia.appointments[':id'].confirm.$post({ param, header: {}, json: {} }));
  expect(confirmed.status === 'confirmed', `the appointment is ${confirmed.status}`);
  good(`Status ${confirmed.status}`);

  await heading('Her phone subscribes to her calendar');
  const phone = await subscribe(url, nadia);
  const booked = own(await phone.sees(hold.id, ({ status }) => status === 'CONFIRMED'), hold.id);
  good(`One event: ${booked.summary}, ${booked.starts}`);

  const dueMs = soonMs(Date.now());
  if (stage !== null) {
    await heading('She chooses when to be reminded');
    await remindAt(nadia, dueMs, slot.startsAt, later.startsAt);
    await stage.ledgerSays(hold.patientId, slot.startsAt, dueMs, 'scheduled');
    good(`A reminder waits for ${localTime(new Date(dueMs).toISOString(), doctor.timeZone)}`);
  }

  await heading('Something comes up: she moves it to another day');
  const move = { param, header: {}, json: { slotId: later.id } };
  const moved = await answered(nadia.appointments[':id'].reschedule.$post(move));
  expect(moved.id === hold.id && moved.startsAt === later.startsAt, 'the appointment did not move as it was');
  const freed = await freeSlots(doctor.id, first.date);
  expect(
    freed.some(({ id }) => id === slot.id),
    'the old slot is not free',
  );
  expect(!(await freeSlots(doctor.id, second.date)).some(({ id }) => id === later.id), 'the new slot still looks free');
  good(`Same appointment, now ${localTime(moved.startsAt, doctor.timeZone)}; the old slot is free at once`);
  const shown = await phone.sees(hold.id, ({ sequence }) => sequence > booked.sequence);
  const event = own(shown, hold.id);
  expect(shown.length === 1 && event.starts !== booked.starts, 'the calendar shows more than one event');
  good(`In her calendar, one event that has moved: ${event.starts}`);

  if (stage !== null) {
    const old = await stage.ledgerSays(hold.patientId, slot.startsAt, dueMs, 'suppressed');
    await stage.ledgerSays(hold.patientId, later.startsAt, dueMs, 'scheduled');
    good(`The reminder of the old time will not go (${old.reason}); one of the new time waits instead`);
    await heading('The minute of the reminder comes');
    await countdown(dueMs, 'until it is due', Math.ceil((dueMs - Date.now()) / 1000));
    await stage.sendReminders();
    await stage.ledgerSays(hold.patientId, later.startsAt, dueMs, 'sent');
    const [mail, another] = await stage.mailed(email);
    expect(mail !== undefined && another === undefined, 'it is not one reminder that came');
    good(`One mail has come, about the new time: ${paint('bold', mail.subject)}`);
    say();
    // Without what stands under every mail.
    for (const line of (mail.text.split('\n-- \n')[0] ?? '').trim().split('\n'))
      tell(paint('dim', `│ ${line}`.trimEnd()));
  }

  await heading('The rival gets what she gave up');
  const secondChance = await answered(rival.appointments.$post({ header: {}, json: { slotId: slot.id } }));
  good(`Status ${secondChance.status}`);
  await answered(rival.appointments[':id'].cancel.$post({ param: { id: secondChance.id }, header: {}, json: {} }));

  await heading('She gets well, and cancels');
  const gone = await answered(
    nadia.appointments[':id'].cancel.$post({ param, header: {}, json: { reason: 'Well again' } }),
  );
  expect(gone.status === 'cancelled', `the appointment is ${gone.status}`);
  await refusedWith('invalid_transition', nadia.appointments[':id'].confirm.$post({ param, header: {}, json: {} }));
  if (stage !== null) {
    const rest = await stage.ledgerSays(hold.patientId, later.startsAt, null, 'suppressed');
    await stage.sendReminders();
    expect((await stage.mailed(email)).length === 1, 'a reminder came of what is off');
    good(`Her other reminder, due ${localTime(rest.dueAt, doctor.timeZone)}, will not go either (${rest.reason})`);
  }
  await phone.sees(hold.id, ({ status }) => status === 'CANCELLED');
  expect((await phone.revoke()) === 404, 'a revoked feed is still there');
  good('Her calendar shows it as cancelled; then she revokes the feed, and its address is gone at once');
  good(`Status ${gone.status}; both slots are free again, and nobody was ever double-booked`);
  say();
};

/** Shows for some seconds how long there is until an instant: every second, or where nobody watches, now and then. */
const countdown = async (atMs: number, what: string, forSeconds: number): Promise<void> => {
  const every = forSeconds > 10 ? 10 : 1;
  const left = (): string => {
    const seconds = Math.max(0, Math.round((atMs - Date.now()) / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };
  for (let second = 0; second < forSeconds; second += 1) {
    if (process.stdout.isTTY) process.stdout.write(`\r   ${paint('magenta', left())} ${what} `);
    else if (second % every === 0) tell(`${left()} ${what}`);
    await pause(1000);
  }
  if (process.stdout.isTTY) say();
};

await play().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  if (message === 'fetch failed') fail(`Nothing answers at ${url}. Start it first: npm start`);
  fail(`\nA surprise: ${message}`);
});
