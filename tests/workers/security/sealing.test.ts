import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { app } from '../../../src/app.ts';
import { actor, dayOf, eventually, practice, patient as stranger } from '../../support/clinic.ts';
import { countedD1 } from '../../support/counted-d1.ts';
import { bearing, edge } from '../../support/edge.ts';
import { patient } from '../../support/people.ts';
import { everythingIn, everythingInD1 } from '../../support/storage.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
beforeAll(async () => {
  clinic = await practice({ shape: { start: '00:00', end: '23:00', slotMinutes: 10 } });
});
afterEach(() => vi.restoreAllMocks());

/** A slot that nobody has, each time another. */
const freeSlot = async (): Promise<string> => {
  const slots = await clinic.slotsOn();
  const slot = slots.find(({ remaining, id }) => remaining > 0 && !given.has(id));
  if (slot === undefined) throw new Error('the day is full');
  given.add(slot.id);
  return slot.id;
};
const given = new Set<string>();

const inD1 = (id: string) =>
  eventually(
    () => env.DB.prepare('select reason, symptoms from appointments where id = ?').bind(id).first<{ reason: string }>(),
    (row) => row !== null,
  );

describe('who reads the storage', () => {
  test('[DP4] finds no word of a patient, in D1, in the doctor-day, or in an answer kept for its Idempotency-Key', async () => {
    const amina = actor(await patient());
    const slot = await freeSlot();
    const words = { reason: 'a lump that I hide', symptoms: 'it grows at night' };
    const held = await amina.holds(slot, words, 'key-1');
    expect(held.body).toMatchObject(words);
    expect((await amina.holds(slot, words, 'key-1')).body).toEqual(held.body);
    await amina.cancels(held.body.id, 'I went elsewhere', 'key-2');
    await inD1(held.body.id);
    for (const text of [await everythingInD1(), await everythingIn(dayOf(slot))]) {
      expect(text).toContain(held.body.id);
      expect(text).not.toMatch(/lump that|grows at|went elsewhere/);
    }
  });

  test('[DP2] cannot pass a word off as another column’s, another appointment’s or another patient’s', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const [amina, badal] = [actor(await patient()), actor(await patient())];
    const hold = async (who: typeof amina) =>
      (await who.holds(await freeSlot(), { reason: 'mine alone', symptoms: 'none' })).body.id as string;
    const ids = [await hold(amina), await hold(amina), await hold(badal)];
    for (const id of ids) await inD1(id);
    const [first = '', second = '', others = ''] = ids;
    for (const [from, to, column] of [
      [first, first, 'symptoms'],
      [first, second, 'reason'],
      [first, others, 'reason'],
    ]) {
      const before = await env.DB.prepare('select * from appointments where id = ?').bind(to).first();
      await env.DB.prepare(
        `update appointments set ${column} = (select reason from appointments where id = ?) where id = ?`,
      )
        .bind(from, to)
        .run();
      const listed = await (to === others ? badal : amina).lists();
      expect(listed.status).toBe(500);
      expect(JSON.stringify(listed.body)).not.toContain('mine alone');
      await env.DB.prepare(`update appointments set ${column} = ? where id = ?`)
        .bind(before?.[column as string], to)
        .run();
    }
    expect((await amina.lists()).status).toBe(200);
  });

  test('[DP5] cannot give one patient the data key of another', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const [amina, badal] = [actor(await patient()), actor(await patient())];
    const { body } = await amina.holds(await freeSlot(), { reason: 'mine alone' });
    const wrappedOf = (id: string) =>
      env.DB.prepare('select wrapped from data_keys where subject_id = ?').bind(id).first<string>('wrapped');
    const give = (id: string, wrapped: string | null) =>
      env.DB.prepare('update data_keys set wrapped = ? where subject_id = ?').bind(wrapped, id).run();
    const own = await wrappedOf(amina.id);
    await give(amina.id, await wrappedOf(badal.id));
    const read = await clinic.doctor.reads(body.id);
    await give(amina.id, own);
    expect(read.status).toBe(500);
    expect(JSON.stringify(read.body)).not.toContain('mine alone');
  });
});

describe('a data key', () => {
  test('[DP5] is each patient’s own, made with the account, and wrapped', async () => {
    const people = [await patient(), await patient()];
    const rows = await Promise.all(
      people.map(({ id }) =>
        env.DB.prepare('select * from data_keys where subject_id = ?').bind(id).first<{ wrapped: string }>(),
      ),
    );
    const wrapped = rows.map((row) => row?.wrapped ?? '');
    expect(wrapped).toEqual([0, 1].map(() => expect.stringMatching(/^[\w-]{8}\.[\w-]{80}$/)));
    expect(new Set(wrapped).size).toBe(2);
  });

  test('[DP6] rides in the token: to hold a slot with words asks D1 nothing', async () => {
    const amina = await patient();
    const slotId = await freeSlot();
    await clinic.slotsOn();
    const { db, asks } = countedD1();
    const words = { slotId, reason: 'Check-up' };
    const held = await edge({ DB: db }).post('/api/v1/appointments', words, { headers: bearing(amina) });
    expect(held.status).toBe(201);
    expect(asks.flat().filter((sql) => /data_keys/.test(sql))).toEqual([]);
  });

  test('[DP6] is read or made when a token does not bring it, the same for all requests at once', async () => {
    const amina = await stranger();
    const slots = [await freeSlot(), await freeSlot(), await freeSlot()];
    const held = await Promise.all(slots.map((slot, i) => amina.holds(slot, { reason: `reason ${i}` })));
    expect(held.map(({ body }) => body.reason)).toEqual(['reason 0', 'reason 1', 'reason 2']);
    const read = await Promise.all(held.map(({ body }) => clinic.doctor.reads(body.id)));
    expect(read.map(({ body }) => body.reason)).toEqual(['reason 0', 'reason 1', 'reason 2']);
  });

  test('[DP6] of many patients is one query of a list', async () => {
    const people = [actor(await patient()), actor(await patient()), actor(await patient())];
    for (const one of people) await one.holds(await freeSlot(), { reason: 'Check-up' });
    await eventually(
      () => clinic.doctor.lists('?limit=100'),
      ({ body }) => people.every(({ id }) => body.items.some((item: { patientId: string }) => item.patientId === id)),
    );
    const { db, asks } = countedD1();
    const list = await edge({ DB: db }).ask('/api/v1/appointments?limit=100', { headers: bearing(clinic.doctor) });
    expect(list.status).toBe(200);
    expect(asks.flat().filter((sql) => /data_keys/.test(sql))).toHaveLength(1);
  });

  test('[DP6] opens the words after the appointment has moved to another day', async () => {
    const amina = actor(await patient());
    const { body } = await amina.holds(await freeSlot(), { reason: 'Check-up' });
    await amina.confirms(body.id);
    const later = (await clinic.slotsOn(nextDay(clinic.date)))[0]?.id ?? '';
    const moved = await amina.moves(body.id, later);
    expect([moved.status, moved.body.id, moved.body.reason]).toEqual([200, body.id, 'Check-up']);
    expect((await clinic.doctor.reads(body.id)).body.reason).toBe('Check-up');
  });

  test('[DP3] wrapped by a master key that was taken away opens nothing, and the answer says nothing of it', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const amina = actor(await patient());
    const { body } = await amina.holds(await freeSlot(), { reason: 'Check-up' });
    const other = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    const answer = await app.fetch(
      new Request(`http://daybook.test/api/v1/appointments/${body.id}`, {
        headers: { authorization: `Bearer ${amina.token}` },
      }),
      { ...env, MASTER_KEYS: other },
      createExecutionContext(),
    );
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toMatch(/Check-up|master|key/i);
  });
});

const nextDay = (date: string) => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10) as never;
