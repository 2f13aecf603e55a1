import { evictDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { addDays } from '../../../src/domain/local-date.ts';
import { dayOf, patient, practice } from '../../support/clinic.ts';

test('[DD26] a hold sent 20 times with one key, and again after eviction, is one appointment with one answer', async () => {
  const { slot, slotsOn } = await practice({ shape: { capacity: 30 } });
  const wanted = await slot('09:00');
  const nadia = await patient();
  const body = { reason: 'Check-up' };
  const replies = await Promise.all(Array.from({ length: 20 }, () => nadia.holds(wanted, body, 'key-1')));
  await evictDurableObject(dayOf(wanted));
  replies.push(await nadia.holds(wanted, body, 'key-1'));

  expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201]));
  expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
  expect((await slotsOn())[0]?.remaining).toBe(29);
});

test('[DD26] refusals are answered again as well, and keys of two patients never meet', async () => {
  const { slot } = await practice();
  const wanted = await slot('09:00');
  const [nadia, karim] = [await patient(), await patient()];
  const hold = await nadia.holds(wanted, {}, 'same');
  expect((await karim.holds(wanted, {}, 'same')).body.code).toBe('slot_full');
  await nadia.cancels(hold.body.id, undefined, 'cancel');
  expect((await karim.holds(wanted, {}, 'same')).body.code).toBe('slot_full');
  expect((await nadia.cancels(hold.body.id, undefined, 'cancel')).body.status).toBe('cancelled');
});

test('[DD27] a key with another body is refused', async () => {
  const { slot } = await practice();
  const nadia = await patient();
  await nadia.holds(await slot('09:00'), { reason: 'One' }, 'key');
  const other = await nadia.holds(await slot('09:00'), { reason: 'Two' }, 'key');
  expect(other.status).toBe(422);
  expect(other.body.code).toBe('idempotency_key_reused');
});

test('[DD26] answers travel with an appointment that moves', async () => {
  const { slot, date } = await practice();
  const nadia = await patient();
  const hold = await nadia.holds(await slot('09:00'), {}, 'hold');
  const { id } = hold.body;
  const confirmed = await nadia.confirms(id, 'confirm');
  const there = await slot('09:00', addDays(date, 1));
  const moved = await nadia.moves(id, there, 'move');
  const onwards = await nadia.moves(id, await slot('09:00', addDays(date, 2)), 'move-on');

  expect((await nadia.confirms(id, 'confirm')).body).toEqual(confirmed.body);
  expect((await nadia.moves(id, there, 'move')).body).toEqual(moved.body);
  expect((await nadia.moves(id, await slot('09:00', addDays(date, 2)), 'move-on')).body).toEqual(onwards.body);
  expect((await nadia.holds(await slot('09:00'), {}, 'hold')).body).toEqual(hold.body);
});
