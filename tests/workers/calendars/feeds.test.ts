import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { keyedCalendarUid } from '../../../src/calendar/keyed-uid.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import { settingsOf } from '../../../src/env.ts';
import { send } from '../../support/api.ts';
import { byIcalJs, byNodeIcal, type ReadEvent } from '../../support/calendar-readers.ts';
import { type Actor, actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { dependantOf, patient as newPatient } from '../../support/people.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
let nadia: Actor;
beforeAll(async () => {
  clinic = await practice({ shape: { start: '06:00', end: '22:00', slotMinutes: 30 }, timeZone: 'Europe/London' });
  nadia = actor(await newPatient('Nadia Islam'));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const opens = async (who: Actor, wish: Record<string, unknown> = {}) => {
  const { status, body } = await who.act('POST', '/calendar-feeds', { label: 'Phone', ...wish });
  expect(status).toBe(201);
  return body as { id: string; url: string; webcalUrl: string };
};
const pathOf = (url: string): string => `//${new URL(url).pathname.slice(1)}`;
const fetches = (url: string, headers: HeadersInit = {}) => send('GET', pathOf(url), { headers });
const readAt = async (url: string): Promise<ReadEvent[]> => {
  const response = await fetches(url);
  expect(response.status).toBe(200);
  return byIcalJs(await response.text());
};
const free = async (on = clinic.date) => (await clinic.slotsOn(on)).filter(({ remaining }) => remaining > 0);
const books = async (who: Actor, on = clinic.date): Promise<{ id: string; startsAtMs: number }> => {
  const slot = (await free(on))[0];
  const { body } = await who.holds(slot?.id ?? '', { reason: 'a rash that nobody knows of' });
  expect((await who.confirms(body.id)).body.status).toBe('confirmed');
  return { id: body.id, startsAtMs: Date.parse(body.startsAt) };
};
const uid = (id: string): string => `${id}@daybook`;
/** What a feed shows of an appointment, as soon as it is so: an outbox is drained within seconds, also on a busy machine. */
const shows = async (
  url: string,
  id: string,
  holds: (event: ReadEvent | undefined) => boolean = (one) => one !== undefined,
): Promise<ReadEvent | undefined> => {
  const look = async () => (await readAt(url)).find((event) => event.uid === uid(id));
  await expect.poll(async () => holds(await look()), { timeout: 15_000, interval: 100 }).toBe(true);
  return look();
};

/** Of what was booked: D1 hears of the hold first, and of the booking a moment later. */
const booked = (event: ReadEvent | undefined): boolean => event !== undefined && !event.summary.startsWith('Held');

describe('a program that has subscribed', () => {
  test('[CA1] sees one event moved, not two, also to another day', async () => {
    const feed = await opens(clinic.doctor, { privacy: 'full' });
    const { id, startsAtMs } = await books(nadia);
    const before = await shows(feed.url, id, (event) => event?.status === 'CONFIRMED');
    expect(before).toMatchObject({ startsAtMs, status: 'CONFIRMED', busy: true, endsAtMs: startsAtMs + 1_800_000 });
    const count = (await readAt(feed.url)).length;
    let sequence = before?.sequence ?? 0;
    for (const on of [clinic.date, addDays(clinic.date, 5)]) {
      const slot = (await free(on)).at(-1);
      expect((await nadia.moves(id, slot?.id ?? '')).status).toBe(200);
      const toMs = Date.parse(slot?.startsAt ?? '');
      const after = await shows(feed.url, id, (event) => event?.startsAtMs === toMs);
      expect((await readAt(feed.url)).filter((event) => event.uid === uid(id))).toHaveLength(1);
      expect((await readAt(feed.url)).length).toBe(count);
      expect(after?.sequence).toBeGreaterThan(sequence);
      sequence = after?.sequence ?? 0;
    }
    expect((await nadia.reads(id)).body.calendarUid).toBe(uid(id));
    await nadia.cancels(id);
  });

  test('[CA4] sees what is held as tentative until its time is up, and what is cancelled for 30 days', async () => {
    const feed = await opens(clinic.doctor, { privacy: 'full' });
    const slot = (await free())[0];
    const held = (await nadia.holds(slot?.id ?? '')).body;
    expect(await shows(feed.url, held.id)).toMatchObject({ status: 'TENTATIVE', summary: 'Held: Nadia Islam' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(held.expiresAt) });
    expect((await readAt(feed.url)).map((event) => event.uid)).not.toContain(uid(held.id));
    vi.useRealTimers();
    await nadia.cancels(held.id);
    const { id } = await books(nadia);
    await shows(feed.url, id);
    await nadia.cancels(id, 'an operation');
    const gone = await shows(feed.url, id, (event) => event?.status === 'CANCELLED');
    expect(gone).toMatchObject({ busy: false, summary: 'Cancelled: Nadia Islam' });
    const cancelledAtMs = Date.parse((await nadia.reads(id)).body.updatedAt);
    const month = 30 * 86_400_000;
    for (const [ms, there] of [
      [cancelledAtMs + month - 1_000, true],
      [cancelledAtMs + month + 1_000, false],
    ] as const) {
      vi.useFakeTimers({ toFake: ['Date'], now: ms });
      expect((await readAt(feed.url)).some((event) => event.uid === uid(id))).toBe(there);
    }
  });

  test('[CA3] is not led astray by what people are called', async () => {
    const name = 'Islam, Nadia; "Nadi": 👩🏽‍⚕️ نادية إسلام \\n BEGIN:VEVENT ডা. নাদিয়া';
    const who = actor(await newPatient(name));
    const { id } = await books(who);
    const { url } = await opens(clinic.doctor, { privacy: 'full', label: name });
    const event = await shows(url, id, booked);
    expect(event?.summary).toBe(name.replace('\\', '/'));
    const text = await (await fetches(url)).text();
    expect(byNodeIcal(text)).toEqual(byIcalJs(text));
    await who.cancels(id);
  });

  test('[CA9] gets the same bytes for the same appointments, and 304 for the ETag', async () => {
    const { url } = await opens(nadia);
    const first = await fetches(url);
    expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const text = await first.text();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    const again = await fetches(url, { 'if-none-match': first.headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('cache-control')).toBe('private, no-cache');
    vi.useRealTimers();
    expect(text).toContain('REFRESH-INTERVAL;VALUE=DURATION:PT15M');
    expect(text).toContain('\r\nX-WR-CALNAME:Phone\r\n');
    expect(text).toContain('\r\nNAME:Phone\r\n');
    const { id } = await books(nadia);
    await eventually(
      async () => (await fetches(url, { 'if-none-match': first.headers.get('etag') ?? '' })).status,
      (status) => status === 200,
    );
    await nadia.cancels(id);
  });

  test('[CA10] sees 30 days back and 180 ahead', async () => {
    const { url } = await opens(clinic.doctor, { privacy: 'full' });
    const { id, startsAtMs } = await books(nadia);
    await shows(url, id);
    const day = 86_400_000;
    for (const [ms, there] of [
      [startsAtMs + 29 * day, true],
      [startsAtMs + 32 * day, false],
      [startsAtMs - 180 * day, true],
      [startsAtMs - 182 * day, false],
    ] as const) {
      vi.useFakeTimers({ toFake: ['Date'], now: ms });
      expect((await readAt(url)).some((event) => event.uid === uid(id))).toBe(there);
    }
    vi.useRealTimers();
    await nadia.cancels(id);
  });

  test('[CA11] sees a doctor’s free time, where it was asked for, as time that keeps nobody busy', async () => {
    const { url } = await opens(clinic.doctor, { showFree: true });
    const freeTime = async () => (await readAt(url)).filter(({ summary }) => summary === 'Free');
    const before = await freeTime();
    expect(before.length).toBeGreaterThan(0);
    expect(before.every(({ busy }) => !busy)).toBe(true);
    const { id, startsAtMs } = await books(nadia, addDays(clinic.date, 9));
    const covers = (one: ReadEvent): boolean => one.startsAtMs <= startsAtMs && one.endsAtMs > startsAtMs;
    expect(before.some(covers)).toBe(true);
    await eventually(freeTime, (now) => !now.some(covers));
    await nadia.cancels(id);
    await eventually(freeTime, (now) => now.some(covers));
    const refused = await nadia.act('POST', '/calendar-feeds', { label: 'x', showFree: true });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'showFree']);
  });
});

describe('whose appointments', () => {
  test('[CA7] a feed shows the owner’s, and those of dependants while the owner acts for them', async () => {
    const [amina, badal] = [actor(await newPatient('Amina Khan')), actor(await newPatient('Badal Roy'))];
    const childId = await dependantOf(amina.id, 'Tuli Khan');
    const guardian = await signedIn(amina.id, 'patient', { dependantIds: [childId] });
    const slots = await free();
    const own = (await amina.holds(slots[0]?.id ?? '')).body;
    const childs = (await guardian.holds(slots[1]?.id ?? '', { patientId: childId })).body;
    const other = (await badal.holds(slots[2]?.id ?? '')).body;
    const { url } = await opens(amina, { privacy: 'full' });
    await shows(url, own.id);
    await shows(url, childs.id);
    await shows((await opens(badal, { privacy: 'full' })).url, other.id);
    const seen = await readAt(url);
    expect(seen.map((event) => event.uid).sort()).toEqual([uid(own.id), uid(childs.id)].sort());
    expect(seen.find((event) => event.uid === uid(childs.id))?.summary).toBe('Held: Tuli Khan with Rahima Khatun');
    await env.DB.prepare('update dependants set removed_at_ms = 1 where id = ?').bind(childId).run();
    expect((await readAt(url)).map((event) => event.uid)).toEqual([uid(own.id)]);
    const doctors = (await readAt((await opens(clinic.doctor, { privacy: 'full' })).url)).map((event) => event.uid);
    expect(doctors).toEqual(expect.arrayContaining([uid(own.id), uid(other.id)]));
    for (const [who, id] of [
      [amina, own.id],
      [guardian, childs.id],
      [badal, other.id],
    ] as const)
      await who.cancels(id);
  });

  test('[CA8] a feed says no more than its privacy', async () => {
    const { id } = await books(nadia);
    await eventually(
      () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status'),
      (status) => status === 'confirmed',
    );
    const texts: Record<string, string> = {};
    for (const [role, who] of [
      ['doctor', clinic.doctor],
      ['patient', nadia],
    ] as const) {
      for (const privacy of ['busy', 'initials', 'full'] as const) {
        const { url } = await opens(who, { privacy });
        const text = await (await fetches(url)).text();
        texts[`${role} ${privacy}`] = text;
        const [event] = byIcalJs(text).filter(({ status }) => status === 'CONFIRMED');
        const name = role === 'doctor' ? ['N. I.', 'Nadia Islam'] : ['R. K.', 'Rahima Khatun'];
        expect(event?.summary).toBe({ busy: 'Busy', initials: name[0], full: name[1] }[privacy]);
      }
      await env.DB.prepare('delete from calendar_feeds where account_id = ?').bind(who.id).run();
    }
    const holding = (secret: string) => Object.keys(texts).filter((name) => texts[name]?.includes(secret));
    expect(holding('Nadia')).toEqual(['doctor full']);
    expect(holding('Rahima')).toEqual(['patient full']);
    expect(holding('N. I.')).toEqual(['doctor initials']);
    expect(holding('a rash')).toEqual([]);
    expect(holding(nadia.id)).toEqual([]);
    // Whoever knows an appointment's id knows its doctor: a feed without names hides that as well.
    expect(holding(id)).toEqual(['doctor full', 'patient full']);
    const hidden = await keyedCalendarUid(settingsOf(env).dataKey, id);
    for (const feed of ['doctor busy', 'doctor initials', 'patient busy', 'patient initials'])
      expect(byIcalJs(texts[feed] ?? '').map((event) => event.uid)).toContain(hidden);
    await nadia.cancels(id);
  });
});
