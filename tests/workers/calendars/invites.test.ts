import { env } from 'cloudflare:workers';
import ICAL from 'ical.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { send } from '../../support/api.ts';
import { byIcalJs, byNodeIcal } from '../../support/calendar-readers.ts';
import { type Actor, actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { mailTo } from '../../support/mailbox.ts';
import { patient as newPatient, type Person } from '../../support/people.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
let person: Person;
let nadia: Actor;
beforeAll(async () => {
  clinic = await practice({ timeZone: 'America/New_York' });
  person = await newPatient('Nadia Islam');
  nadia = actor(person);
});

const inviteFor = async (who: Actor, id: string) => {
  const response = await send('GET', `/appointments/${id}/invite.ics`, { as: who });
  expect(response.status).toBe(200);
  return { type: response.headers.get('content-type'), ics: await response.text() };
};
const propertyOf = (ics: string, name: string) =>
  new ICAL.Component(ICAL.parse(ics)).getFirstSubcomponent('vevent')?.getFirstProperty(name);
const methodOf = (ics: string) => new ICAL.Component(ICAL.parse(ics)).getFirstPropertyValue('method');

describe('an invitation as a file', () => {
  test('[CA14] puts an appointment in, moves it, and takes it out', async () => {
    const slots = await clinic.slotsOn();
    const { id } = (await nadia.holds(slots[0]?.id ?? '')).body;
    await nadia.confirms(id);
    const first = await inviteFor(nadia, id);
    expect(first.type).toBe('text/calendar; charset=utf-8; method=REQUEST');
    expect(methodOf(first.ics)).toBe('REQUEST');
    expect(propertyOf(first.ics, 'attendee')?.getFirstValue()).toBe(`mailto:${person.email}`);
    expect(propertyOf(first.ics, 'attendee')?.getParameter('rsvp')).toBe('TRUE');
    expect(propertyOf(first.ics, 'organizer')?.getFirstValue()).toMatch(
      /^mailto:calendar\+[a-z2-7]{32}@reply\.daybook\.test$/,
    );
    const [before] = byIcalJs(first.ics);
    expect(before).toMatchObject({
      uid: `${id}@daybook`,
      status: 'CONFIRMED',
      summary: 'Appointment with Rahima Khatun',
    });
    expect(before?.startsAtMs).toBe(Date.parse(slots[0]?.startsAt ?? ''));
    await nadia.moves(id, slots[2]?.id ?? '');
    const second = await inviteFor(nadia, id);
    const [after] = byIcalJs(second.ics);
    expect(after).toMatchObject({ uid: before?.uid, startsAtMs: Date.parse(slots[2]?.startsAt ?? '') });
    expect(after?.sequence).toBeGreaterThan(before?.sequence ?? Number.NaN);
    await nadia.cancels(id);
    const third = await inviteFor(nadia, id);
    expect([methodOf(third.ics), byIcalJs(third.ics)[0]?.status]).toEqual(['CANCEL', 'CANCELLED']);
    expect(byIcalJs(third.ics)[0]?.sequence).toBeGreaterThan(after?.sequence ?? Number.NaN);
    for (const { ics } of [first, second, third]) expect(byNodeIcal(ics)).toEqual(byIcalJs(ics));
  });

  test('[CA14] invites who takes part, each at an address of their own, and nobody else', async () => {
    const { id } = (await nadia.holds(await clinic.slot('11:00'))).body;
    const [own, doctors, admins] = await Promise.all(
      [nadia, clinic.doctor, clinic.admin].map((who) => inviteFor(who, id)),
    );
    expect(byIcalJs(doctors?.ics ?? '')[0]?.summary).toBe('Appointment with Nadia Islam');
    const organizers = [own, doctors].map((one) => propertyOf(one?.ics ?? '', 'organizer')?.getFirstValue());
    expect(new Set(organizers).size).toBe(2);
    expect(doctors?.ics).not.toContain(person.email);
    expect(methodOf(admins?.ics ?? '')).toBe('PUBLISH');
    expect(propertyOf(admins?.ics ?? '', 'attendee')).toBeNull();
    const stranger = await signedIn('u_AAAAAAAAAAAAAAAQ', 'patient');
    expect((await stranger.act('GET', `/appointments/${id}/invite.ics`)).status).toBe(404);
    await nadia.cancels(id);
  });
});

describe('mail', () => {
  test('[CA14] of a confirmation carries the invitation, and of a cancellation its withdrawal', async () => {
    await env.DB.prepare('update accounts set email_verified_at_ms = 1 where id = ?').bind(person.id).run();
    const { id } = (await nadia.holds(await clinic.slot('11:30'))).body;
    await nadia.confirms(id);
    const invitation = async (kind: string) => {
      const mails = await mailTo(person.email);
      return mails.find((mail) => mail.kind === kind && mail.calendar?.ics.replaceAll('\r\n ', '').includes(id))
        ?.calendar;
    };
    const request = await eventually(
      () => invitation('confirmed'),
      (one) => one !== undefined,
    );
    expect(request?.method).toBe('REQUEST');
    expect(propertyOf(request?.ics ?? '', 'organizer')?.getFirstValue()).toBe(
      propertyOf((await inviteFor(nadia, id)).ics, 'organizer')?.getFirstValue(),
    );
    await clinic.doctor.cancels(id);
    const withdrawal = await eventually(
      () => invitation('cancelled'),
      (one) => one !== undefined,
    );
    expect([withdrawal?.method, methodOf(withdrawal?.ics ?? '')]).toEqual(['CANCEL', 'CANCEL']);
  });
});
