import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LocalDate } from '../../../src/domain/local-date.ts';
import { readDueCalendars } from '../../../src/features/busy-import/sweep.ts';
import { send } from '../../support/api.ts';
import { type Actor, eventually, patient, practice, signedIn } from '../../support/clinic.ts';
import { icsEvent, icsOf, publish } from '../../support/ics.ts';
import { patient as registered } from '../../support/people.ts';

const quarterMs = 15 * 60_000;
const dhaka = (date: LocalDate, time: string) =>
  `;TZID=Asia/Dhaka:${date.replaceAll('-', '')}T${time.replace(':', '')}00`;
/** An event by Dhaka's clocks. */
const meeting = (date: LocalDate, from: string, to: string, ...more: string[]) =>
  icsEvent(`DTSTART${dhaka(date, from)}`, `DTEND${dhaka(date, to)}`, 'SUMMARY:Dentist of my own', ...more);

const path = (doctor: Actor) => `/doctors/${doctor.id}/calendar-sources`;
const adds = (doctor: Actor, url: string, name = 'Home') => doctor.act('POST', path(doctor), { name, url });
const removes = (doctor: Actor, id: string) => send('DELETE', `${path(doctor)}/${id}`, { as: doctor });
const times = async ({ slotsOn }: Awaited<ReturnType<typeof practice>>): Promise<string> =>
  (await slotsOn()).map(({ localStart }) => localStart.slice(11)).join(' ');
const versionOf = async (doctor: Actor): Promise<number> =>
  (await doctor.act('GET', `/doctors/${doctor.id}/schedule`)).body.version;
const auditOf = async (doctor: Actor) =>
  (
    await env.DB.prepare('select action, actor_role, data from audit_events where stream = ? order by seq')
      .bind(`doctor:${doctor.id}`)
      .all<{ action: string; actor_role: string; data: string }>()
  ).results;
const busyRows = async (doctor: Actor) =>
  (await env.DB.prepare('select * from busy_days where doctor_id = ? order by date').bind(doctor.id).all()).results;

describe('calendars elsewhere', () => {
  test('[BI1] [BI5] block their times as soon as they are added, and free them as soon as they are removed', async () => {
    const heart = await practice();
    const { doctor, date, slot } = heart;
    const taken = await slot('10:00');
    const home = await publish({ body: icsOf(meeting(date, '10:10', '10:50')) });
    const added = await adds(doctor, home.url);
    expect(added.status).toBe(201);
    expect(await times(heart)).toBe('09:00 09:30 11:00 11:30');
    const nadia = await patient();
    expect((await nadia.holds(taken)).body).toMatchObject({ code: 'slot_not_found' });
    expect((await nadia.holds(await slot('11:00'))).status).toBe(201);

    expect((await removes(doctor, added.body.id)).status).toBe(204);
    await eventually(
      () => times(heart),
      (found) => found === '09:00 09:30 10:00 10:30 11:00 11:30',
    );
    expect((await nadia.holds(taken)).status).toBe(201);
    expect(await busyRows(doctor)).toEqual([]);
  });

  test('[BI6] a change reaches opened days, keeps and flags a booked appointment, and is one edit', async () => {
    const heart = await practice();
    const { doctor, date, slot } = heart;
    const home = await publish({ body: icsOf() });
    await adds(doctor, home.url);
    const nadia = await patient();
    const hold = await nadia.holds(await slot('09:00'));
    await nadia.confirms(hold.body.id);
    const before = await versionOf(doctor);

    await home.answer({ body: icsOf(meeting(date, '09:00', '09:30'), meeting(date, '11:00', '12:00')) });
    expect(await readDueCalendars(env, Date.now() + quarterMs)).toMatchObject({ changed: 1 });
    await eventually(
      () => times(heart),
      (found) => found === '09:30 10:00 10:30',
    );
    expect((await nadia.reads(hold.body.id)).body).toMatchObject({ status: 'confirmed', outsideSchedule: true });
    expect(await versionOf(doctor)).toBe(before + 1);
    expect((await auditOf(doctor)).at(-1)).toEqual({
      action: 'busy_times.changed',
      actor_role: 'system',
      data: '{"dates":1}',
    });

    await home.answer({ body: icsOf(meeting(date, '11:00', '12:00')) });
    await readDueCalendars(env, Date.now() + 2 * quarterMs);
    await eventually(
      () => nadia.reads(hold.body.id),
      (reply) => reply.body.outsideSchedule === false,
    );
  });

  test('[BI7] one that has not changed is no edit: by its ETag, and by its times', async () => {
    const { doctor, date } = await practice();
    const event = meeting(date, '10:00', '11:00');
    const home = await publish({ body: icsOf(event), headers: { etag: '"one"' } });
    await adds(doctor, home.url);
    const before = [await versionOf(doctor), (await auditOf(doctor)).length];
    await readDueCalendars(env, Date.now() + quarterMs);
    const last = (await home.asked()).at(-1);
    expect(last).toMatchObject({ 'if-none-match': '"one"' });
    // Another text, the same times: a title, and an event inside another.
    const retitled = event.replace('Dentist', 'Doctor');
    await home.answer({ body: icsOf(retitled, meeting(date, '10:15', '10:30')), headers: { etag: '"two"' } });
    await readDueCalendars(env, Date.now() + 2 * quarterMs);
    expect((await home.asked()).at(-1)).toMatchObject({ 'if-none-match': '"one"' });
    expect([await versionOf(doctor), (await auditOf(doctor)).length]).toEqual(before);
  });

  test('[BI7] is asked for whole again when the booking window has moved past what is known, or the zone has changed', async () => {
    const { doctor } = await practice();
    const home = await publish({ body: icsOf(), headers: { etag: '"one"' } });
    await adds(doctor, home.url);
    await readDueCalendars(env, Date.now() + quarterMs);
    await readDueCalendars(env, Date.now() + 9 * 86_400_000);
    const asked = await home.asked();
    expect(asked.map((headers) => headers['if-none-match'])).toEqual([undefined, '"one"', undefined]);
    const profile = { timeZone: 'Asia/Tokyo' };
    expect((await doctor.act('PUT', `/doctors/${doctor.id}`, profile)).status).toBe(200);
    await readDueCalendars(env, Date.now() + 9 * 86_400_000 + quarterMs);
    expect((await home.asked()).at(-1)?.['if-none-match']).toBeUndefined();
  });

  test('[BI7] is read every 5 to 15 minutes, as it asks', async () => {
    const { doctor } = await practice();
    const wish = (line: string) => icsOf().replace('VERSION:2.0', `VERSION:2.0\r\n${line}`);
    const intervals = ['REFRESH-INTERVAL;VALUE=DURATION:PT1M', 'X-PUBLISHED-TTL:PT12M', 'X-PUBLISHED-TTL:P1W', 'X-A:b'];
    for (const line of intervals) await adds(doctor, (await publish({ body: wish(line) })).url);
    const rows = await env.DB.prepare(
      'select every_ms from calendar_sources where doctor_id = ? order by created_at_ms',
    )
      .bind(doctor.id)
      .all<{ every_ms: number }>();
    expect(rows.results.map(({ every_ms }) => every_ms / 60_000).sort((a, b) => a - b)).toEqual([5, 10, 12, 15]);
  });

  test('[BI8] five at most, and no more by asking at once', async () => {
    const { doctor } = await practice();
    const home = await publish({ body: icsOf() });
    const answers = await Promise.all(Array.from({ length: 7 }, () => adds(doctor, home.url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 422, 422]);
    expect((await adds(doctor, home.url)).body).toMatchObject({ code: 'too_many_items' });
    expect((await doctor.act('GET', path(doctor))).body.items).toHaveLength(5);
  });

  test('[BI8] many short events a day are one row a day, with gaps closed that no slot fits into', async () => {
    const heart = await practice();
    const first = heart.date.replaceAll('-', '');
    // 09:00 to 12:00 in Dhaka is 03:00 to 06:00 UTC: five minutes at each full and half hour, and a pair in between.
    const starts = ['030000', '033000', '040000', '043000', '050000', '051000', '051400', '051800'];
    const events = starts.map((at) => icsEvent(`DTSTART:${first}T${at}Z`, 'DURATION:PT5M', 'RRULE:FREQ=DAILY'));
    const home = await publish({ body: icsOf(...events) });
    await adds(heart.doctor, home.url);
    const rows = await busyRows(heart.doctor);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.length).toBeLessThan(75);
    expect(rows[0]?.minutes).toBe('[[180,185],[210,215],[240,245],[270,275],[300,305],[310,323]]');
    expect(await times(heart)).toBe('11:30');
  });
});

describe('the address of a calendar', () => {
  test('[BI9] is sealed, shown by its host alone, and in no answer, row or audit', async () => {
    const { doctor, date } = await practice();
    const home = await publish({ body: icsOf(meeting(date, '10:00', '11:00')) });
    const added = await adds(doctor, home.url);
    const listed = await doctor.act('GET', path(doctor));
    expect(listed.body).toEqual({ items: [added.body], nextCursor: null });
    expect(added.body).toEqual({
      id: expect.stringMatching(/^cs_[\w-]{16}$/),
      name: 'Home',
      host: new URL(home.url).host,
      createdAt: expect.any(String),
      readAt: added.body.createdAt,
      failing: null,
    });
    const secret = new URL(home.url).pathname.slice(1);
    const tables = await Promise.all(
      ['calendar_sources', 'busy_days', 'audit_events', 'idempotency_records'].map((table) =>
        env.DB.prepare(`select * from ${table}`).all(),
      ),
    );
    const everything = JSON.stringify([added.body, listed.body, tables]);
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain('Dentist');
  });

  test('[BI9] a doctor’s export has the calendars and their busy times, and no address', async () => {
    const { doctor, date } = await practice();
    const home = await publish({ body: icsOf(meeting(date, '10:00', '11:00')) });
    const { id } = (await adds(doctor, home.url)).body;
    const text = await (await send('GET', '/users/me/export', { as: doctor })).text();
    const { calendarSources, busyDays } = JSON.parse(text);
    expect(calendarSources).toMatchObject([{ id, name: 'Home', host: new URL(home.url).host }]);
    expect(busyDays).toEqual([{ sourceId: id, date, minutesUtc: [[240, 300]] }]);
    expect(text).not.toContain(new URL(home.url).pathname);
  });

  test('[BI10] is its doctor’s alone', async () => {
    const { doctor, admin } = await practice();
    const other = await practice();
    const home = await publish({ body: icsOf() });
    const { body } = await adds(doctor, home.url);
    expect((await other.doctor.act('GET', path(doctor))).status).toBe(404);
    expect((await adds({ ...other.doctor, id: doctor.id }, home.url)).status).toBe(404);
    expect((await send('DELETE', `${path(doctor)}/${body.id}`, { as: other.doctor })).status).toBe(404);
    expect((await send('DELETE', `${path(other.doctor)}/${body.id}`, { as: other.doctor })).status).toBe(404);
    expect((await removes(doctor, 'cs_AAAAAAAAAAAAAAAA')).status).toBe(404);
    expect((await admin.act('GET', path(doctor))).status).toBe(403);
    const desk = await signedIn(doctor.id, 'staff');
    expect((await desk.act('GET', path(doctor))).status).toBe(403);
    const nadia = await registered();
    expect((await send('GET', path(doctor), { as: nadia })).status).toBe(403);
    expect((await doctor.act('GET', path(doctor))).body.items).toHaveLength(1);
  });

  let fresh: Actor;
  beforeAll(async () => {
    fresh = (await practice()).doctor;
  });

  test.each([
    ['no address', { name: 'Home', url: 'calendar' }],
    ['another scheme', { name: 'Home', url: 'file:///etc/passwd' }],
    ['an address that is too long', { name: 'Home', url: `https://example.org/${'x'.repeat(2_000)}` }],
    ['no name', { name: ' ', url: 'https://example.org/' }],
    ['a long name', { name: 'x'.repeat(61), url: 'https://example.org/' }],
    ['an unknown field', { name: 'Home', url: 'https://example.org/', every: 1 }],
  ])('[BI8] %s is refused', async (_what, body) => {
    expect((await fresh.act('POST', path(fresh), body)).body).toMatchObject({ code: 'invalid_request' });
  });
});
