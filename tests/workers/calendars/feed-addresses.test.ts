import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { app } from '../../../src/app.ts';
import { send } from '../../support/api.ts';
import { type Actor, actor, eventually, practice } from '../../support/clinic.ts';
import { bearing, edge, production } from '../../support/edge.ts';
import { mailTo } from '../../support/mailbox.ts';
import { admin, patient as newPatient } from '../../support/people.ts';
import { everythingInD1 } from '../../support/storage.ts';
import { erases } from '../../support/whole-person.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
let nadia: Actor;
let email: string;
beforeAll(async () => {
  clinic = await practice({ shape: { start: '06:00', end: '22:00', slotMinutes: 30 } });
  const person = await newPatient('Nadia Islam');
  [nadia, email] = [actor(person), person.email];
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const opens = async (who: Actor, wish: Record<string, unknown> = {}) => {
  const { status, body } = await who.act('POST', '/calendar-feeds', { label: 'Phone', ...wish });
  expect(status).toBe(201);
  return body as { id: string; url: string; webcalUrl: string; instructions: { program: string }[] };
};
const fetches = (url: string) => send('GET', `/${new URL(url).pathname}`);
const books = async (): Promise<string> => {
  const slot = (await clinic.slotsOn()).filter(({ remaining }) => remaining > 0)[0];
  const { body } = await nadia.holds(slot?.id ?? '');
  await nadia.confirms(body.id);
  return body.id;
};
const reads = async (accountId: string) => {
  const { results } = await env.DB.prepare(
    `select data, subject_id as subjectId from audit_events where stream = ? and action = 'calendar_feed.read' order by seq`,
  )
    .bind(`account:${accountId}`)
    .all<{ data: string; subjectId: string }>();
  return results.map(({ data, subjectId }) => ({ subjectId, ...JSON.parse(data) }));
};

describe('the address of a feed', () => {
  test('[CA5] holds 192 bits, is shown once, and is stored only as a hash', async () => {
    const feed = await opens(nadia);
    const [, token = ''] = /^http:\/\/daybook\.test\/calendar\/(p_[\w-]{32})\.ics$/.exec(feed.url) ?? [];
    expect(token).not.toBe('');
    expect(feed.webcalUrl).toBe(`webcal://daybook.test/calendar/${token}.ics`);
    expect(feed.instructions.map(({ program }) => program)).toEqual(['Google Calendar', 'Apple Calendar', 'Outlook']);
    const listed = await nadia.act('GET', '/calendar-feeds');
    expect(listed.body.items).toContainEqual({
      ...{ id: feed.id, label: 'Phone', privacy: 'initials', showFree: false },
      ...{ createdAt: expect.any(String), rotatedAt: null, lastFetchedAt: null },
    });
    const told = await mailTo(email);
    expect(told[0]).toMatchObject({ kind: 'calendar_feed_opened', text: expect.not.stringContaining(token) });
    await fetches(feed.url);
    const exported = JSON.stringify((await nadia.act('GET', '/users/me/export')).body);
    expect(exported).toContain(feed.id);
    for (const place of [JSON.stringify(listed.body), exported, await everythingInD1()])
      expect(place.includes(token.slice(2))).toBe(false);
  });

  test('[CA5] [IK11] is not given again to who repeats the request with its key, and nothing happens twice', async () => {
    const owner = actor(await newPatient('Vera Twice'));
    const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const open = () => owner.act('POST', '/calendar-feeds', { label: 'Phone' }, one);
    const { id, url } = (await open()).body;
    const rotate = () => owner.act('POST', `/calendar-feeds/${id}/rotate`, undefined, other);
    for (const repeat of [open, open]) {
      const { status, body } = await repeat();
      expect([status, body.code, body.detail]).toEqual([
        422,
        'idempotency_key_reused',
        expect.stringContaining('once'),
      ]);
    }
    expect((await fetches(url)).status).toBe(200);
    const rotated = await rotate();
    expect([rotated.status, (await rotate()).status]).toEqual([200, 422]);
    expect((await fetches(rotated.body.url)).status).toBe(200);
    expect((await owner.act('GET', '/calendar-feeds')).body.items).toHaveLength(1);
  });

  test('[CA19] fetched too often is refused, and neither another feed nor its owner is', async () => {
    const owner = actor(await newPatient('Vera Often'));
    const [one, other] = [await opens(owner), await opens(owner)];
    const { ask } = edge({ RATE_LIMITS: 'on', RATE_LIMIT_FEED: '3/60', RATE_LIMIT_READ: '2/60' });
    let addresses = 0;
    const from = () => {
      addresses += 1;
      return `2001:db8:feed:${addresses}::1`;
    };
    const fetched = async ({ url }: { url: string }) => (await ask(new URL(url).pathname, { from: from() })).status;
    const seen: number[] = [];
    for (const feed of [one, one, one, one, one, other]) seen.push(await fetched(feed));
    expect(seen).toEqual([200, 200, 200, 429, 429, 200]);
    expect((await ask('/api/v1/calendar-feeds', { from: from(), headers: bearing(owner) })).status).toBe(200);
  });

  test('[CA5] stands in no log, whether it is good or not', async () => {
    const { url } = await opens(nadia);
    const lines: string[] = [];
    for (const where of ['log', 'warn', 'error'] as const)
      vi.spyOn(console, where).mockImplementation((...parts) => void lines.push(parts.join(' ')));
    const settings = { ...env, ...production, ENVIRONMENT: 'production' };
    for (const address of [url, url.replace(/.{6}\.ics$/, 'AAAAAA.ics'), `${url}?x=1`, `${url}/more`]) {
      await app.fetch(new Request(address), settings, createExecutionContext());
    }
    const token = url.slice(url.lastIndexOf('/') + 3, -10);
    expect(lines.some((line) => line.includes('"/calendar/:file"'))).toBe(true);
    expect(lines.filter((line) => line.includes(token))).toEqual([]);
  });

  test('[CA6] is not found from the next request on, once it is rotated or revoked', async () => {
    const feed = await opens(nadia);
    expect((await fetches(feed.url)).status).toBe(200);
    const rotated = await nadia.act('POST', `/calendar-feeds/${feed.id}/rotate`);
    expect([rotated.status, rotated.body.id]).toEqual([200, feed.id]);
    expect((await fetches(feed.url)).status).toBe(404);
    expect((await fetches(rotated.body.url)).status).toBe(200);
    expect((await nadia.act('GET', '/calendar-feeds')).body.items.at(-1)).toMatchObject({
      id: feed.id,
      rotatedAt: rotated.body.rotatedAt,
    });
    expect(rotated.body.rotatedAt).not.toBeNull();
    expect((await send('DELETE', `/calendar-feeds/${feed.id}`, { as: nadia })).status).toBe(204);
    const answers = await Promise.all(
      [rotated.body.url, feed.url, feed.url.replace('/p_', '/d_'), 'http://x/calendar/x.ics'].map(async (url) => {
        const response = await fetches(url);
        const { instance: _, ...body } = await response.json<Record<string, unknown>>();
        return JSON.stringify([response.status, body]);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('404');
    expect((await send('DELETE', `/calendar-feeds/${feed.id}`, { as: nadia })).status).toBe(404);
    expect((await nadia.act('POST', `/calendar-feeds/${feed.id}/rotate`)).status).toBe(404);
  });

  test('[CA6] [CA13] opens nothing once its owner is deactivated, and goes with an erased person', async () => {
    const boss = actor(await admin());
    const [gone, person] = [actor(await newPatient('Badal Roy')), await newPatient('Amina Khan')];
    const erased = actor(person);
    const [one, other] = [await opens(gone), await opens(erased)];
    expect([(await fetches(one.url)).status, (await fetches(other.url)).status]).toEqual([200, 200]);
    expect((await boss.act('PUT', `/admin/users/${gone.id}`, { active: false })).status).toBe(200);
    expect((await erases(erased, erased.id, person.password)).status).toBe(202);
    expect([(await fetches(one.url)).status, (await fetches(other.url)).status]).toEqual([404, 404]);
    expect(
      await env.DB.prepare('select count(*) as n from calendar_feeds where account_id = ?').bind(erased.id).first('n'),
    ).toBe(0);
  });

  test('[CA13] there are ten at most, and each says when it was last fetched, to the quarter of an hour', async () => {
    const owner = actor(await newPatient('Vera Many'));
    const feeds = await Promise.all(Array.from({ length: 10 }, () => opens(owner)));
    const refused = await owner.act('POST', '/calendar-feeds', { label: 'One more' });
    expect([refused.status, refused.body.code]).toEqual([422, 'too_many_items']);
    const url = feeds[0]?.url ?? '';
    const seenAt = async (): Promise<string | null> => {
      await scheduler.wait(30);
      const { items } = (await owner.act('GET', '/calendar-feeds')).body;
      return items.find(({ id }: { id: string }) => id === feeds[0]?.id).lastFetchedAt;
    };
    await fetches(url);
    const first = await eventually(seenAt, (at) => at !== null);
    await fetches(url);
    expect(await seenAt()).toBe(first);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 16 * 60_000 });
    await fetches(url);
    vi.useRealTimers();
    await eventually(seenAt, (at) => at !== first);
  });
});

describe('a fetch', () => {
  test('[CA12] is recorded when it shows others’ data that it has not shown before, and not again', async () => {
    await books();
    const { id, url } = await opens(clinic.doctor);
    await eventually(
      async () => (await fetches(url)).text(),
      (text) => text.includes('N. I.'),
    );
    const first = await reads(clinic.doctor.id);
    expect(first.at(-1)).toMatchObject({ subjectId: id, why: 'treatment', patientIds: [nadia.id] });
    const { items } = (await nadia.act('GET', '/users/me/access-log')).body;
    expect(items[0]).toMatchObject({ action: 'calendar_feed.read' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
    await fetches(url);
    const settled = (await reads(clinic.doctor.id)).length;
    for (let polls = 0; polls < 3; polls += 1) await fetches(url);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
    await fetches(url);
    vi.useRealTimers();
    expect((await reads(clinic.doctor.id)).length).toBe(settled);
  });

  test('[CA12] of one’s own appointments, or of a feed that says only “busy”, is not', async () => {
    const id = await books();
    const [own, busy] = [await opens(nadia), await opens(clinic.doctor, { privacy: 'busy' })];
    const before = [(await reads(nadia.id)).length, (await reads(clinic.doctor.id)).length];
    for (const { url } of [own, busy])
      await eventually(
        async () => (await fetches(url)).text(),
        (text) => text.includes('BEGIN:VEVENT'),
      );
    expect([(await reads(nadia.id)).length, (await reads(clinic.doctor.id)).length]).toEqual(before);
    await nadia.cancels(id);
  });

  test('[CA12] that cannot be recorded is not answered', async () => {
    const id = await books();
    const { url } = await opens(clinic.doctor, { privacy: 'full' });
    await eventually(
      () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status'),
      (status) => status === 'confirmed',
    );
    vi.spyOn(env.DB, 'batch').mockRejectedValue(new Error('D1_ERROR: Network connection lost.'));
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect((await fetches(url)).status).toBe(503);
    vi.restoreAllMocks();
    expect((await fetches(url)).status).toBe(200);
    await nadia.cancels(id);
  });
});
