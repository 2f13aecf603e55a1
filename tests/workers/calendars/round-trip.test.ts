import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { keyedCalendarUid } from '../../../src/calendar/keyed-uid.ts';
import { appointmentId as newAppointmentId } from '../../../src/domain/ids.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import { settingsOf } from '../../../src/env.ts';
import { readDueCalendars } from '../../../src/features/busy-import/sweep.ts';
import { call, send } from '../../support/api.ts';
import { type Actor, eventually, patient, practice } from '../../support/clinic.ts';
import { icsEvent, icsOf, publish } from '../../support/ics.ts';
import { mailTo } from '../../support/mailbox.ts';

type Practice = Awaited<ReturnType<typeof practice>>;

const quarterMs = 15 * 60_000;
let nadia: Actor;
beforeAll(async () => {
  nadia = await patient();
});

const calendarOf = async (doctor: Actor, body: string) => {
  const home = await publish({ body });
  const added = await doctor.act('POST', `/doctors/${doctor.id}/calendar-sources`, { name: 'Mine', url: home.url });
  expect(added.status).toBe(201);
  return home;
};
const times = async ({ slotsOn }: Practice): Promise<string> =>
  (await slotsOn()).map(({ localStart, remaining }) => `${localStart.slice(11)}×${remaining}`).join(' ');
const bookedBy = async (who: Actor, slot: string): Promise<string> => {
  const { body } = await who.holds(slot);
  await who.confirms(body.id);
  return body.id;
};
const busyRows = async (doctor: Actor) =>
  (await env.DB.prepare('select * from busy_days where doctor_id = ?').bind(doctor.id).all()).results;
const invitationOf = async (doctor: Actor, id: string): Promise<string> =>
  (await send('GET', `/appointments/${id}/invite.ics`, { as: doctor })).text();
/** That D1 has the appointment: what a calendar elsewhere has of it was sent after that. */
const landed = (doctor: Actor, id: string) =>
  eventually(
    async () => (await doctor.lists()).body.items,
    (items: { id: string }[]) => items.some((one) => one.id === id),
  );

describe('what Daybook has put into a doctor’s calendar', () => {
  test('[BI14] comes back from the mail and blocks nothing: not while it is booked, and not after a cancel', async () => {
    const heart = await practice({ shape: { capacity: 2 } });
    const { doctor, slot } = heart;
    const email = 'round.trip@daybook.test';
    await env.DB.prepare('update accounts set email = ?, email_verified_at_ms = 1 where id = ?')
      .bind(email, doctor.id)
      .run();
    const nine = await slot('09:00');
    const id = await bookedBy(nadia, nine);
    const confirmation = await eventually(
      async () => (await mailTo(email)).find(({ kind, calendar }) => kind === 'confirmed' && calendar !== null),
      (mail) => mail !== undefined,
    );
    const ics = confirmation?.calendar?.ics ?? '';
    expect(ics.replaceAll('\r\n ', '')).toContain(`UID:${id}@daybook`);
    expect(ics).toContain('TRANSP:OPAQUE');

    const home = await calendarOf(doctor, ics);
    expect(await busyRows(doctor)).toEqual([]);
    expect(await times(heart)).toMatch(/^09:00×1 09:30×2 /);
    expect((await nadia.reads(id)).body).toMatchObject({ status: 'confirmed', outsideSchedule: false });
    // The second seat of the slot is still to be had.
    const omar = await patient();
    expect((await omar.holds(nine)).status).toBe(201);

    await nadia.cancels(id);
    await readDueCalendars(env, Date.now() + quarterMs);
    expect((await home.asked()).length).toBe(2);
    expect(await times(heart)).toMatch(/^09:00×1 /);
    expect((await (await patient()).holds(nine)).status).toBe(201);
    expect((await mailTo(email)).map(({ kind }) => kind)).not.toContain('outside_schedule');
  });

  test('[BI14] comes back by the doctor’s own feed and blocks nothing', async () => {
    const heart = await practice();
    const { doctor, slot } = heart;
    const id = await bookedBy(nadia, await slot('10:00'));
    await landed(doctor, id);
    for (const privacy of ['busy', 'initials', 'full']) {
      const feed = await doctor.act('POST', '/calendar-feeds', { label: privacy, privacy, showFree: true });
      const ics = await (await call(`/${new URL(feed.body.url).pathname}`)).text();
      const uid = privacy === 'full' ? `${id}@daybook` : await keyedCalendarUid(settingsOf(env).dataKey, id);
      expect(ics.replaceAll('\r\n ', '')).toContain(`UID:${uid}`);
      await calendarOf(doctor, ics);
    }
    expect(await busyRows(doctor)).toEqual([]);
  });

  test('[BI14] blocks nothing with the doctor whom an appointment has left, or to whom it has come', async () => {
    const [first, second] = [await practice(), await practice()];
    const id = await bookedBy(nadia, await first.slot('09:00'));
    await landed(first.doctor, id);
    const before = await invitationOf(first.doctor, id);
    expect((await nadia.moves(id, await second.slot('09:30'))).status).toBe(200);
    await landed(second.doctor, id);
    const after = await invitationOf(second.doctor, id);
    await calendarOf(first.doctor, before);
    await calendarOf(second.doctor, after);
    expect([await busyRows(first.doctor), await busyRows(second.doctor)]).toEqual([[], []]);
  });

  test('[BI14] is busy when it is with another doctor, is unknown, or hides its id', async () => {
    const [heart, other] = [await practice(), await practice()];
    const { doctor, date } = heart;
    const elsewhere = await bookedBy(nadia, await other.slot('09:00'));
    await landed(other.doctor, elsewhere);
    const forged = newAppointmentId({ doctorId: doctor.id, date }, crypto.getRandomValues(new Uint8Array(16)));
    const hidden = (await keyedCalendarUid(settingsOf(env).dataKey, elsewhere)).replace('@daybook', '');
    const at = (id: string, time: string) =>
      icsEvent(`DTSTART;TZID=Asia/Dhaka:${date.replaceAll('-', '')}T${time}00`, 'DURATION:PT30M').replace(
        'one@example.org',
        `${id}@daybook`,
      );
    await calendarOf(doctor, icsOf(at(elsewhere, '0900'), at(forged, '1000'), at(hidden, '1100')));
    expect(await times(heart)).toBe('09:30×1 10:30×1 11:30×1');
    expect((await heart.slotsOn(addDays(date, 1))).length).toBe(6);
  });
});
