import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ratingMilli, ratingStars } from '../../../src/domain/rating.ts';
import { send } from '../../support/api.ts';
import { type Actor, actor, signedIn, patient as tokenOnly } from '../../support/clinic.ts';
import { mailTo } from '../../support/mailbox.ts';
import { visit } from '../../support/past-visits.ts';
import { admin, dependantOf, doctor, type Person, patient, unverifiedDoctor } from '../../support/people.ts';
import { erases } from '../../support/whole-person.ts';

const dayMs = 86_400_000;
let boss: Actor;
let heart: Actor;
let nadia: Person;
let self: Actor;
beforeAll(async () => {
  const person = await admin();
  boss = actor(person);
  heart = actor(await doctor({ timeZone: 'UTC' }, undefined, person));
  nadia = await patient('Nadia Binte Islam');
  self = actor(nadia);
});
afterEach(() => vi.useRealTimers());

const at = (nowMs: number) => vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
/** Somebody with a token that is fresh at the time that it is now. */
const fresh = (who: Actor, dependantIds: string[] = []) => signedIn(who.id, 'patient', { dependantIds });
const visits = (patientId = nadia.id, more = {}) => visit({ doctorId: heart.id, patientId, ...more });
const reviews = (by: Actor, id: string, body: unknown = { stars: 5, text: 'Kind and clear.' }) =>
  by.act('POST', `/appointments/${id}/review`, body);
const shown = async (query = '') => (await heart.act('GET', `/doctors/${heart.id}/reviews${query}`)).body;
const rating = async () => {
  const { body } = await heart.act('GET', `/doctors/${heart.id}`);
  return { rating: body.rating, reviewCount: body.reviewCount };
};

describe('writing', () => {
  test('[RV1] only a completed visit is reviewed, once, by who went or answers for who did', async () => {
    for (const status of ['pending', 'confirmed', 'no_show', 'cancelled', 'expired'])
      expect((await reviews(self, await visits(nadia.id, { status }))).body.code, status).toBe('not_visited');
    const id = await visits();
    const stranger = await tokenOnly();
    expect((await reviews(stranger, id)).body.code).toBe('not_found');
    expect((await stranger.act('GET', `/appointments/${id}/review`)).body.code).toBe('not_found');
    expect((await reviews(heart, id)).body.code).toBe('forbidden');
    for (const wrong of [
      { stars: 0 },
      { stars: 6 },
      { stars: 4.5 },
      { text: 'no stars' },
      { stars: 5, text: 'x'.repeat(2_001) },
      { stars: 5, verified: true },
    ])
      expect((await reviews(self, id, wrong)).body.code, JSON.stringify(wrong)).toBe('invalid_request');
    const two = await Promise.all([reviews(self, id, { stars: 4 }), reviews(self, id, { stars: 2 })]);
    expect(two.map(({ status, body }) => body.code ?? status).toSorted()).toEqual([201, 'already_reviewed']);

    const child = await dependantOf(nadia.id);
    const childs = await visits(child);
    expect((await reviews(self, childs)).body.code).toBe('not_found');
    const guardian = await fresh(self, [child]);
    expect((await reviews(guardian, childs, { stars: 5, text: '<b>Patient</b>\nwith children' })).body).toMatchObject({
      ...{ stars: 5, text: '<b>Patient</b>\nwith children', author: 'Patient', appointmentId: childs, canEdit: true },
      ...{ edited: false, reply: null, hiddenReason: null, withdrawn: false },
    });
  });

  test('[RV1][RV2] within 90 days of the visit; changed within 14 days of the writing, withdrawn always', async () => {
    const startsAtMs = Math.floor(Date.now() / 60_000) * 60_000 - dayMs;
    const endsAtMs = startsAtMs + 1_800_000;
    const [early, late] = [await visits(nadia.id, { startsAtMs }), await visits(nadia.id, { startsAtMs })];
    at(endsAtMs + 90 * dayMs + 1);
    expect((await reviews(await fresh(self), late)).body.code).toBe('review_window_over');
    at(endsAtMs + 90 * dayMs);
    expect((await reviews(await fresh(self), early, { stars: 5, text: 'So far so good.' })).status).toBe(201);
    const path = `/appointments/${early}/review`;
    at(endsAtMs + 104 * dayMs);
    const edited = await (await fresh(self)).act('PUT', path, { stars: 2, text: 'It came back.', showName: true });
    expect(edited.body).toMatchObject({ stars: 2, author: 'Nadia I.', edited: true, canEdit: true });
    at(endsAtMs + 104 * dayMs + 1);
    expect((await (await fresh(self)).act('PUT', path, { stars: 1 })).body.code).toBe('review_final');
    const author = await fresh(self);
    expect((await author.act('GET', path)).body).toMatchObject({ text: 'It came back.', canEdit: false });
    expect((await send('DELETE', path, { as: author })).status).toBe(204);
    expect((await send('DELETE', path, { as: author })).status).toBe(404);
    expect((await author.act('PUT', path, { stars: 1 })).body.code).toBe('not_found');
    expect((await author.act('GET', path)).body).toMatchObject({ text: '', withdrawn: true });
    expect((await reviews(author, early)).body.code).toBe('review_window_over');
    at(endsAtMs + 90 * dayMs);
    expect((await reviews(await fresh(self), early)).body.code).toBe('already_reviewed');
  });
});

describe('showing', () => {
  test('[RV3][RV5] the doctor answers; an admin hides it, the author is told; what is hidden counts for nothing', async () => {
    const id = await visits();
    const { body } = await reviews(self, id, { stars: 1, text: 'My neighbour Rahim was there, too.' });
    const reply = (by: Actor, doctorId: string, text: string) =>
      by.act('PUT', `/doctors/${doctorId}/reviews/${body.id}/reply`, { text });
    expect((await reply(heart, heart.id, 'Sorry to hear it.')).body.reply).toBe('Sorry to hear it.');
    expect((await reply(heart, heart.id, 'Call us.')).body.reply).toBe('Call us.');
    const other = await signedIn('u_AAAAAAAAAAAAAAAQ', 'doctor');
    expect((await reply(other, heart.id, 'No!')).status).toBe(404);
    expect((await reply(other, other.id, 'No!')).status).toBe(404);

    const before = await rating();
    const reason = 'It names somebody who was not asked.';
    expect((await boss.act('POST', `/admin/reviews/${body.id}/hide`, { reason: '' })).status).toBe(400);
    const once = await boss.act('POST', `/admin/reviews/${body.id}/hide`, { reason });
    expect(once.body.hiddenReason).toBe(reason);
    const hidden = (await boss.act('GET', '/admin/reviews?hidden=true')).body.items;
    expect(hidden).toContainEqual(expect.objectContaining({ id: body.id, stars: 1 }));
    expect(JSON.stringify(await shown('?limit=100'))).not.toContain('Rahim');
    expect(await rating()).toEqual({ rating: expect.any(Number), reviewCount: before.reviewCount - 1 });
    expect((await self.act('GET', `/appointments/${id}/review`)).body.hiddenReason).toBe(reason);
    const mails = async () => (await mailTo(nadia.email)).filter(({ kind }) => kind === 'review_hidden');
    await expect.poll(mails).toMatchObject([{ text: expect.stringContaining(reason) }]);
    const again = await boss.act('POST', `/admin/reviews/${body.id}/hide`, { reason: 'Another reason.' });
    expect(again).toMatchObject({ status: 200, body: { ...once.body } });
    expect((await reply(heart, heart.id, 'Again')).status).toBe(404);

    expect((await boss.act('POST', `/admin/reviews/${body.id}/show`)).body.hiddenAt).toBeNull();
    expect(await rating()).toEqual(before);
    const { body: audit } = await boss.act('GET', `/admin/audit?subject=${body.id}`);
    expect(audit.items.map((one: { action: string }) => one.action)).toEqual(
      ['written', 'answered', 'answered', 'hidden', 'shown'].map((act) => `review.${act}`).reverse(),
    );
    expect(JSON.stringify(audit)).not.toMatch(/Rahim|names somebody|Sorry/);

    // However many hide it at once, its author is told once, and in their own language.
    expect(await mails()).toHaveLength(1);
    expect((await self.act('PUT', '/users/me/notification-preferences', { locale: 'bn' })).status).toBe(200);
    const hides = [1, 2, 3].map(() => boss.act('POST', `/admin/reviews/${body.id}/hide`, { reason }));
    const answers = await Promise.all(hides);
    expect(new Set(answers.map((one) => JSON.stringify([one.status, one.body.hiddenAt]))).size).toBe(1);
    await expect.poll(async () => (await mails()).length).toBe(2);
    expect((await mails())[0]).toMatchObject({
      subject: 'আপনার মতামত লুকানো হয়েছে',
      text: expect.stringContaining(reason),
    });
    expect(
      await env.DB.prepare("select count(*) as n from audit_events where action = 'review.hidden' and subject_id = ?")
        .bind(body.id)
        .first('n'),
    ).toBe(2);
    await self.act('PUT', '/users/me/notification-preferences', { locale: 'en' });
  });

  test('[RV4] readers page through them by date or stars, and learn no more of the author than the author wants', async () => {
    await env.DB.prepare('delete from reviews').run();
    const startsAtMs = Date.parse('2026-10-31T22:00:00Z');
    vi.useFakeTimers({ toFake: ['Date'], now: startsAtMs + dayMs });
    const author = await fresh(self);
    for (const [i, stars] of [3, 5, 1, 5, 3].entries())
      await reviews(author, await visits(nadia.id, { startsAtMs }), { stars, text: `${i}`, showName: i === 0 });
    const paged = async (sort: string) => {
      const seen: string[] = [];
      for (let cursor = ''; ; ) {
        const { items, nextCursor } = await shown(`?sort=${sort}&limit=2${cursor}`);
        seen.push(...items.map((item: { text: string }) => item.text));
        if (nextCursor === null) return seen.join('');
        cursor = `&cursor=${nextCursor}`;
      }
    };
    expect(await paged('newest')).toBe('43210');
    expect(await paged('highest')).toBe('31402');
    expect(await paged('lowest')).toBe('24031');
    const { items } = await shown();
    expect(items.at(-1)).toEqual({
      ...{ id: expect.any(String), stars: 3, text: '0', author: 'Nadia I.', visitedIn: '2026-10' },
      ...{ edited: false, reply: null },
    });
    expect(items[0].author).toBe('Patient');
    expect(await rating()).toEqual({ rating: ratingStars(ratingMilli(5, 17)), reviewCount: 5 });
    const unknown = await unverifiedDoctor();
    expect((await send('GET', `/doctors/${unknown.id}/reviews`)).status).toBe(404);
    for (const query of ['sort=best', 'limit=0', 'cursor=e30', 'sort=lowest&cursor=eyJudW1iZXIiOjF9'])
      expect((await send('GET', `/doctors/${heart.id}/reviews?${query}`)).status, query).toBe(400);
  });
});

describe('what they come to', () => {
  test('[RV8] whatever is done to reviews, at once or in turn, the rating is that of those that are shown', async () => {
    const skin = await doctor({ timeZone: 'UTC' }, undefined, boss as unknown as Person);
    const author = await fresh(self);
    const step = fc.record({ on: fc.nat({ max: 5 }), does: fc.constantFrom('write', 'edit', 'hide', 'show', 'gone') });
    const steps = fc.array(fc.tuple(step, fc.integer({ min: 1, max: 5 })), { minLength: 8, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        await env.DB.prepare('delete from reviews where doctor_id = ?').bind(skin.id).run();
        const of = async () => visit({ doctorId: skin.id, patientId: nadia.id });
        const ids = await Promise.all(Array.from({ length: 6 }, of));
        await Promise.all(
          all.map(async ([{ on, does }, stars]) => {
            const path = `/appointments/${ids[on]}/review`;
            if (does === 'write') return author.act('POST', path, { stars });
            if (does === 'edit') return author.act('PUT', path, { stars });
            if (does === 'gone') return send('DELETE', path, { as: author });
            const { body } = await author.act('GET', path);
            return boss.act('POST', `/admin/reviews/${body.id}/${does}`, does === 'hide' ? { reason: 'x' } : undefined);
          }),
        );
        const found = await env.DB.prepare(
          `select count(*) as n, coalesce(sum(stars), 0) as total from reviews
           where doctor_id = ? and hidden_at_ms is null and withdrawn_at_ms is null`,
        )
          .bind(skin.id)
          .first<{ n: number; total: number }>();
        const stored = await env.DB.prepare(
          'select rating_count as n, rating_sum as total, rating_bayes_milli as milli from doctors where id = ?',
        )
          .bind(skin.id)
          .first();
        expect(stored).toEqual({ ...found, milli: ratingMilli(found?.n ?? 0, found?.total ?? 0) });
      }),
      { seed: 20_261_121, numRuns: 6 },
    );
  });

  test('[RV6][RV8] a review is in its author’s export, and erased with its author or with who was visited for', async () => {
    await env.DB.prepare('delete from reviews').run();
    const karim = await patient('Karim Uddin');
    const child = await dependantOf(karim.id);
    const [own, childs] = [await visits(karim.id), await visits(child)];
    const guardian = await fresh(actor(karim), [child]);
    await reviews(guardian, own, { stars: 5, text: 'Mine' });
    await reviews(guardian, childs, { stars: 4, text: 'The child’s' });
    await reviews(self, await visits(), { stars: 1, text: 'Of another' });
    const data = (await guardian.act('POST', '/users/me/export', { password: karim.password })).body.reviews;
    expect(data.map((one: { text: string }) => one.text).toSorted()).toEqual(['Mine', 'The child’s']);
    expect(await rating()).toEqual({ rating: ratingStars(ratingMilli(3, 10)), reviewCount: 3 });
    await erases(guardian, child, karim.password);
    expect(await rating()).toEqual({ rating: ratingStars(ratingMilli(2, 6)), reviewCount: 2 });
    await erases(await fresh(actor(karim)), karim.id, karim.password);
    expect((await shown()).items).toMatchObject([{ text: 'Of another' }]);
    expect(await rating()).toEqual({ rating: ratingStars(ratingMilli(1, 1)), reviewCount: 1 });
  });
});
