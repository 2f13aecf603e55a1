import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { settingsOf } from '../../../src/env.ts';
import { fetchCalendar } from '../../../src/features/busy-import/fetch-calendar.ts';
import { readDueCalendars } from '../../../src/features/busy-import/sweep.ts';
import { send } from '../../support/api.ts';
import { type Actor, practice } from '../../support/clinic.ts';
import { icsEvent, icsOf, publish } from '../../support/ics.ts';
import type { IcsStep } from '../../support/ics-server.ts';
import { mailTo } from '../../support/mailbox.ts';

afterEach(() => vi.restoreAllMocks());

const hourMs = 3_600_000;
const path = (doctor: Actor) => `/doctors/${doctor.id}/calendar-sources`;
const adds = (doctor: Actor, url: string) => doctor.act('POST', path(doctor), { name: 'Home', url });
const listed = async (doctor: Actor) => (await doctor.act('GET', path(doctor))).body.items;

/** A doctor whose calendar takes 10:00 to 11:00 every day, from 09:00 to 12:00 in half hours. */
const busyPractice = async () => {
  const heart = await practice();
  const at = heart.date.replaceAll('-', '');
  const calendar = icsOf(icsEvent(`DTSTART:${at}T040000Z`, 'DURATION:PT1H', 'RRULE:FREQ=DAILY'));
  const home = await publish({ body: calendar, headers: { etag: '"one"' } });
  const { body } = await adds(heart.doctor, home.url);
  const times = async () => (await heart.slotsOn()).map(({ localStart }) => localStart.slice(11)).join(' ');
  return { ...heart, home, calendar, times, sourceId: body.id as string };
};
const withoutTen = '09:00 09:30 11:00 11:30';

/** What can go wrong, and its word. */
const faults: readonly (readonly [what: string, step: IcsStep, reason: string])[] = [
  ['an error of its server', { status: 500, body: 'oops' }, 'server_error'],
  ['too many requests', { status: 429 }, 'server_error'],
  ['no permission', { status: 403 }, 'not_allowed'],
  ['nothing there', { status: 404 }, 'gone'],
  ['a connection that ends', { how: 'hangup' }, 'unreachable'],
  ['an answer without end', { how: 'endless' }, 'too_large'],
  ['a page to sign in on', { body: '<!doctype html>' }, 'not_a_calendar'],
  ['half a calendar', { body: icsOf(icsEvent('DTSTART:20300101T000000Z')).slice(0, 150) }, 'malformed'],
  ['a rule without end', { body: icsOf(icsEvent('DTSTART:20200101T000000Z', 'RRULE:FREQ=SECONDLY')) }, 'too_complex'],
  [
    'a zone nobody knows',
    { body: icsOf(icsEvent('DTSTART;TZID=Nowhere:20200101T000000', 'RRULE:FREQ=DAILY')) },
    'unknown_zone',
  ],
  ['a redirect out of the web', { status: 302, headers: { location: 'file:///etc/passwd' } }, 'address_refused'],
  ['a 304 for nothing', { status: 304 }, 'server_error'],
];

describe('a calendar that cannot be read', () => {
  let fresh: Awaited<ReturnType<typeof practice>>;
  beforeAll(async () => {
    fresh = await practice();
  });

  test.each(faults)('[BI5] with %s is not added', async (_what, step, reason) => {
    const { doctor, slotsOn } = fresh;
    const refused = await adds(doctor, (await publish(step)).url);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'calendar_unreadable', reason });
    expect(await listed(doctor)).toEqual([]);
    expect(await slotsOn()).toHaveLength(6);
  });

  test('[BI11] keeps the times that are known, is shown as failing, and comes back', async () => {
    const { doctor, home, times, calendar } = await busyPractice();
    let nowMs = Date.now();
    for (const [, step, reason] of faults.filter(([, { status }]) => status !== 304)) {
      await home.answer(step);
      nowMs += hourMs / 4;
      await readDueCalendars(env, nowMs);
      const [source] = await listed(doctor);
      expect(source.failing).toEqual({ since: expect.any(String), reason });
      expect(await times()).toBe(withoutTen);
    }
    const [{ failing, readAt }] = await listed(doctor);
    expect(failing.since > readAt).toBe(true);
    await home.answer({ body: calendar, headers: { etag: '"one"' } });
    await readDueCalendars(env, nowMs + hourMs);
    const [source] = await listed(doctor);
    expect(source).toMatchObject({ failing: null, readAt: new Date(nowMs + hourMs).toISOString() });
    expect(await times()).toBe(withoutTen);
  });

  test('[BI11] blocks whole dates that nothing is known of, until it can be read again', async () => {
    const { doctor, home, calendar, sourceId } = await busyPractice();
    const lastRow = async () =>
      (await env.DB.prepare('select date, minutes from busy_days where source_id = ? order by date desc limit 1')
        .bind(sourceId)
        .first<{ date: string; minutes: string }>()) ?? { date: '', minutes: '' };
    const known = await lastRow();
    await home.answer({ status: 500 });
    const day = 24 * hourMs;
    await readDueCalendars(env, Date.now() + day);
    expect(await lastRow()).toEqual(known);
    const monthLaterMs = Date.now() + 30 * day;
    await readDueCalendars(env, monthLaterMs);
    const unknown = await lastRow();
    expect(unknown.minutes).toBe('[[0,1440]]');
    // The booking window is 60 days.
    expect(Date.parse(unknown.date)).toBeGreaterThan(monthLaterMs + 60 * day);
    expect((await doctor.act('GET', `/doctors/${doctor.id}/schedule`)).body.version).toBeGreaterThan(3);
    await home.answer({ body: calendar, headers: { etag: '"one"' } });
    await readDueCalendars(env, monthLaterMs + hourMs);
    expect(await lastRow()).toEqual({ date: unknown.date, minutes: known.minutes });
    const whole = await env.DB.prepare('select count(*) as n from busy_days where source_id = ? and minutes = ?');
    expect(await whole.bind(sourceId, '[[0,1440]]').first('n')).toBe(0);
  });

  test('[BI11] its doctor is told once, after six hours, and again when it fails anew', async () => {
    const { doctor, home, calendar } = await busyPractice();
    const email = (await env.DB.prepare('select email from accounts where id = ?')
      .bind(doctor.id)
      .first('email')) as string;
    const told = async () => (await mailTo(email)).filter(({ kind }) => kind === 'calendar_failing');
    const startMs = Date.now();
    const hoursLater = async (hours: number) => {
      await readDueCalendars(env, startMs + hours * hourMs);
      return (await told()).length;
    };
    await home.answer({ status: 404 });
    expect([await hoursLater(1), await hoursLater(6.9), await hoursLater(7.5), await hoursLater(30)]).toEqual([
      0, 0, 1, 1,
    ]);
    const [mail] = await told();
    expect(mail?.text).toContain('"Home" (127.0.0.1');
    expect(mail?.text).toContain('it is no longer at its address');
    expect(mail?.text).not.toContain(new URL(home.url).pathname);
    await home.answer({ body: calendar });
    expect(await hoursLater(31)).toBe(1);
    await home.answer({ status: 500 });
    expect([await hoursLater(32), await hoursLater(39)]).toEqual([1, 2]);
  });

  test('[BI11] nobody reads calendars of a doctor who is deactivated; what is known of them stays', async () => {
    const { doctor, home, sourceId } = await busyPractice();
    await home.answer({ body: icsOf() });
    await env.DB.prepare('update accounts set deactivated_at_ms = 1 where id = ?').bind(doctor.id).run();
    await readDueCalendars(env, Date.now() + hourMs);
    expect(await home.asked()).toEqual([]);
    const rows = await env.DB.prepare('select count(*) as n from busy_days where source_id = ?')
      .bind(sourceId)
      .first('n');
    expect(rows).toBeGreaterThan(50);
    const monthMs = 30 * 24 * hourMs;
    await readDueCalendars(env, Date.now() + monthMs);
    expect(await home.asked()).toEqual([]);
    const blocked = env.DB.prepare("select 1 as yes from busy_days where source_id = ? and minutes = '[[0,1440]]'");
    expect(await blocked.bind(sourceId).first('yes')).toBe(1);
    await env.DB.prepare('update accounts set deactivated_at_ms = null where id = ?').bind(doctor.id).run();
    await readDueCalendars(env, Date.now() + monthMs + 2 * hourMs);
    expect(await home.asked()).toHaveLength(1);
    expect(await blocked.bind(sourceId).first('yes')).toBeNull();
  });

  test('[BI11] one that breaks its reader keeps no other from being read', async () => {
    const [broken, well] = [await busyPractice(), await busyPractice()];
    await env.DB.prepare("update calendar_sources set address = 'v1.AAAA.AAAA' where id = ?")
      .bind(broken.sourceId)
      .run();
    const reports = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await well.home.answer({ body: icsOf() });
    const counts = await readDueCalendars(env, Date.now() + hourMs);
    expect(counts.changed).toBeGreaterThanOrEqual(1);
    expect(await well.times()).toBe('09:00 09:30 10:00 10:30 11:00 11:30');
    expect(await broken.times()).toBe(withoutTen);
    expect(await listed(broken.doctor)).toMatchObject([{ failing: { reason: 'internal_error' } }]);
    expect(JSON.stringify(reports.mock.calls)).not.toContain(new URL(broken.home.url).pathname);
  });
});

describe('the way to a calendar', () => {
  const local = settingsOf(env);

  test('[BI12] three redirects are followed, with what is known already; a fourth is not', async () => {
    const last = await publish({ body: icsOf(), headers: { etag: '"x"' } });
    let { url } = last;
    const to = async (next: string) => (await publish({ status: 302, headers: { location: next } })).url;
    for (let i = 0; i < 3; i += 1) url = await to(url);
    const known = { etag: '"y"', lastModified: 'Sat, 21 Nov 2026 09:00:00 GMT' };
    expect(await fetchCalendar(local, url, known)).toMatchObject({ kind: 'calendar' });
    expect((await last.asked()).at(-1)).toMatchObject({
      'if-none-match': '"y"',
      'if-modified-since': known.lastModified,
      accept: expect.stringContaining('text/calendar'),
    });
    expect(await fetchCalendar(local, await to(url), null)).toEqual({ kind: 'fault', fault: 'too_many_redirects' });
  });

  test('[BI12] who takes too long is broken off', async () => {
    const { url } = await publish({ how: 'never' });
    expect(await fetchCalendar(local, url, null, 100)).toEqual({ kind: 'fault', fault: 'timed_out' });
  });

  test('[BI12] a deployment asks no address of this machine or network, and follows none there', async () => {
    const production = { environment: 'production' } as const;
    const inside = await publish({ body: icsOf() });
    const port = new URL(inject('icsUrl')).port;
    const refused = ['http://example.org/x.ics', `https://127.0.0.1:${port}/`, 'https://localhost/', 'https://[::1]/'];
    for (const address of [inside.url, ...refused]) {
      expect(await fetchCalendar(production, address, null)).toEqual({ kind: 'fault', fault: 'address_refused' });
    }
    // A public server that sends its askers inside.
    vi.spyOn(globalThis, 'fetch').mockResolvedValueOnce(Response.redirect(inside.url, 302));
    const lured = await fetchCalendar(production, 'https://calendar.example.org/x.ics', null);
    expect(lured).toEqual({ kind: 'fault', fault: 'address_refused' });
    vi.restoreAllMocks();
    expect(await inside.asked()).toEqual([]);
  });

  test('[BI12] webcal is https', async () => {
    const { doctor } = await practice();
    const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(icsOf()));
    const added = await adds(doctor, 'webcal://calendar.example.org/private.ics');
    expect(added.body).toMatchObject({ host: 'calendar.example.org' });
    expect(asked.mock.calls.map(([url]) => String(url))).toContain('https://calendar.example.org/private.ics');
    // Nobody answers there.
    expect((await send('DELETE', `${path(doctor)}/${added.body.id}`, { as: doctor })).status).toBe(204);
  });
});

describe('two at once', () => {
  test('[BI13] two runs read a calendar once', async () => {
    const { home } = await busyPractice();
    await home.answer({ body: icsOf() });
    const nowMs = Date.now() + hourMs;
    await Promise.all([readDueCalendars(env, nowMs), readDueCalendars(env, nowMs)]);
    expect(await home.asked()).toHaveLength(1);
  });

  test('[BI13] a calendar that is removed while it is read stays removed', async () => {
    const { doctor, home, sourceId, times } = await busyPractice();
    await home.answer({ body: icsOf(icsEvent('DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=DAILY')) });
    const { fetch } = globalThis;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (...args) => {
      const answer = await fetch(...args);
      if (args[0] === home.url) await send('DELETE', `${path(doctor)}/${sourceId}`, { as: doctor });
      return answer;
    });
    await readDueCalendars(env, Date.now() + hourMs);
    expect(await listed(doctor)).toEqual([]);
    expect(await times()).toBe('09:00 09:30 10:00 10:30 11:00 11:30');
  });
});
