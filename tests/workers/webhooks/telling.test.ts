import { createMessageBatch } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import worker from '../../../src/worker.ts';
import { patient } from '../../support/clinic.ts';
import { clinicPractice, deliveryTo, hook } from '../../support/webhooks.ts';

afterEach(() => vi.restoreAllMocks());

const soon = { timeout: 15_000, interval: 150 };

/** A clinic with a webhook, and what that has heard so far, verified. */
const listening = async () => {
  const clinic = await clinicPractice();
  const { url, received } = hook();
  const { secret } = (await clinic.register({ url })).body;
  const heard = async () =>
    (await received()).map(
      ({ body, headers }) =>
        new Webhook(secret).verify(body, headers) as { type: string; data: Record<string, unknown> },
    );
  const types = async () => (await heard()).map(({ type }) => type.slice('appointment.'.length)).sort();
  return { ...clinic, heard, types, received };
};

describe('a webhook of a clinic', () => {
  it('[WH4] [WH5] [WH8] hears once what becomes of its appointments, of what it wants, by ids and times', async () => {
    const clinic = await listening();
    const picky = hook();
    await clinic.register({ url: picky.url, events: ['appointment.cancelled'] });
    const amina = await patient();
    const { id } = (await amina.holds(await clinic.slot('09:00'))).body;
    await amina.act('PUT', `/appointments/${id}`, { reason: 'Chest pain at night', symptoms: 'Short of breath' });
    const before = (await amina.confirms(id)).body;
    const passing = (await amina.holds(await clinic.slot('11:00'))).body.id;
    await amina.cancels(passing);
    const after = (await amina.moves(id, await clinic.slot('10:00'))).body;
    await amina.act('POST', `/appointments/${id}/cancel`, { reason: 'I feel much better now' });
    await vi.waitFor(async () => expect(await clinic.types()).toEqual(['cancelled', 'confirmed', 'moved']), soon);
    const moved = (await clinic.heard()).find(({ type }) => type === 'appointment.moved');
    expect(moved?.data).toEqual({
      ...{ appointmentId: id, clinicId: clinic.clinicId, doctorId: clinic.doctor.id, status: 'confirmed' },
      ...{ startsAt: after.startsAt, endsAt: after.endsAt, previousStartsAt: before.startsAt },
      ...{ timeZone: 'Asia/Dhaka', version: expect.any(Number) },
    });
    expect(new Set((await clinic.heard()).map(({ data }) => data.version)).size).toBe(3);
    await vi.waitFor(async () => expect(await picky.received()).toHaveLength(1), soon);

    const rows = () => env.DB.prepare('SELECT * FROM webhook_deliveries WHERE appointment_id = ?').bind(id).all();
    const { results } = await rows();
    const said = JSON.stringify([results, await clinic.received()]);
    for (const word of [amina.id, 'Chest', 'breath', 'better']) expect(said).not.toContain(word);

    // The day tells of it all once more.
    for (const { stream, seq } of results) {
      await env.DB.prepare('INSERT INTO notification_intents (stream, seq) VALUES (?, ?)').bind(stream, seq).run();
    }
    const again = createMessageBatch('daybook-notifications', [
      { id: 'again', timestamp: new Date(), attempts: 1, body: { kind: 'intents' } },
    ]);
    await worker.queue(again as never, env);
    expect([(await rows()).results.length, results.length]).toEqual([4, 4]);
  });

  it('[WH6] hears that an appointment has left for another clinic, but not where to; that one hears of a move', async () => {
    const clinic = await listening();
    const there = hook();
    const { secret } = (await clinic.register({ url: there.url }, clinic.admin, clinic.otherClinicId)).body;
    const amina = await patient();
    const { id } = (await amina.holds(await clinic.slot('09:00'))).body;
    await amina.confirms(id);
    await vi.waitFor(async () => expect(await clinic.types()).toEqual(['confirmed']), soon);
    await amina.moves(id, await clinic.slot('14:00'));
    await vi.waitFor(async () => expect(await clinic.types()).toEqual(['confirmed', 'moved_away']), soon);
    await vi.waitFor(async () => expect(await there.received()).toHaveLength(1), soon);
    const left = (await clinic.heard()).find(({ type }) => type === 'appointment.moved_away');
    expect(Object.keys(left?.data ?? {}).sort()).toEqual(['appointmentId', 'clinicId', 'previousStartsAt', 'version']);
    expect(left?.data.clinicId).toBe(clinic.clinicId);
    const [post] = await there.received();
    const arrived = new Webhook(secret).verify(post?.body ?? '', post?.headers ?? {});
    expect(arrived).toMatchObject({
      type: 'appointment.moved',
      data: { clinicId: clinic.otherClinicId, status: 'confirmed' },
    });
    await amina.cancels(id);
    await vi.waitFor(async () => expect(await there.received()).toHaveLength(2), soon);
    expect(await clinic.types()).toEqual(['confirmed', 'moved_away']);
  });

  it('[WH12] that is slow holds up no other of its batch', async () => {
    const clinic = await clinicPractice();
    const [slow, quick] = [hook('slow'), hook()];
    const notices = await Promise.all(
      [slow, quick].map(async ({ url }) => {
        const { id } = (await clinic.register({ url })).body;
        return deliveryTo(id, clinic.clinicId);
      }),
    );
    const batch = createMessageBatch(
      'daybook-webhooks',
      notices.map((id) => ({ id, timestamp: new Date(), attempts: 1, body: { id } })),
    );
    const consumed = worker.queue(batch as never, env);
    await vi.waitFor(async () => expect(await quick.received()).toHaveLength(1), { timeout: 1_400, interval: 20 });
    const states = async () =>
      (
        await env.DB.prepare(
          `SELECT state FROM webhook_deliveries WHERE id IN (SELECT value FROM json_each(?)) ORDER BY state`,
        )
          .bind(JSON.stringify(notices))
          .all()
      ).results.map(({ state }) => state);
    expect(await states()).toContain('waiting');
    await consumed;
    expect(await states()).toEqual(['delivered', 'delivered']);
  });
});
