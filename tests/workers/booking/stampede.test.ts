import { expect, test } from 'vitest';
import { patient, practice } from '../../support/clinic.ts';

const crowd = 1_000;

test.for([1, 5])('[DD1] a thousand patients take a slot for %i at once: that many hold it', async (capacity) => {
  const { slot, slotsOn, date } = await practice({ shape: { capacity } });
  const wanted = await slot('09:00');
  const patients = await Promise.all(Array.from({ length: crowd }, () => patient()));

  const replies = await Promise.all(patients.map((one) => one.holds(wanted)));

  const held = replies.filter((reply) => reply.status === 201);
  const others = replies.filter((reply) => reply.status !== 201);
  expect(held).toHaveLength(capacity);
  expect(others.every((reply) => reply.status === 409 && reply.body.code === 'slot_full')).toBe(true);
  expect(new Set(held.map((reply) => reply.body.id)).size).toBe(capacity);
  expect((await slotsOn(date)).find((one) => one.id === wanted)?.remaining).toBe(0);
});
