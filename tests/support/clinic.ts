import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { type Facts, permissions, type Role } from '../../src/domain/access.ts';
import { accountId, type DayKey, dayName, parseSlotId } from '../../src/domain/ids.ts';
import { addDays, type LocalDate, utcDate } from '../../src/domain/local-date.ts';
import { settingsOf } from '../../src/env.ts';
import { signAccessToken } from '../../src/features/identity/access-token.ts';
import type { DoctorDay } from '../../src/worker.ts';
import { send } from './api.ts';
import { admin, doctor, type Person } from './people.ts';

/** An answer, read. */
export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the point of a story is to read any answer.
  readonly body: any;
  readonly headers: Headers;
}

/** Somebody with an access token who acts on appointments. */
export const actor = <P extends { readonly id: string; readonly token: string }>(person: P) => {
  const act = async (method: string, path: string, body?: unknown, key?: string): Promise<Reply> => {
    const response = await send(method, path, {
      as: person,
      ...(body === undefined ? {} : { body }),
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  };
  return {
    ...person,
    act,
    holds: (slotId: string, more: Record<string, unknown> = {}, key?: string) =>
      act('POST', '/appointments', { slotId, ...more }, key),
    confirms: (id: string, key?: string) => act('POST', `/appointments/${id}/confirm`, undefined, key),
    cancels: (id: string, reason?: string, key?: string) =>
      act('POST', `/appointments/${id}/cancel`, reason === undefined ? undefined : { reason }, key),
    moves: (id: string, slotId: string, key?: string) => act('POST', `/appointments/${id}/reschedule`, { slotId }, key),
    accepts: (id: string) => act('POST', `/appointments/${id}/accept`),
    rejects: (id: string, reason: string) => act('POST', `/appointments/${id}/reject`, { reason }),
    completes: (id: string) => act('POST', `/appointments/${id}/complete`),
    marksNoShow: (id: string) => act('POST', `/appointments/${id}/no-show`),
    reads: (id: string) => act('GET', `/appointments/${id}`),
    lists: (query = '') => act('GET', `/appointments${query}`),
  };
};

export type Actor = ReturnType<typeof actor>;

/** A patient who is signed in. Made without an account, so that a thousand of them cost nothing. */
export const patient = (): Promise<Actor> => signedIn(accountId(crypto.getRandomValues(new Uint8Array(12))), 'patient');

/** Somebody with a token that is fresh by the Worker's clock; an admin has every permission unless told otherwise. */
export const signedIn = async (id: string, role: Role, facts: Partial<Facts> = {}): Promise<Actor> => {
  const holder = { id, role, ...(role === 'admin' ? { permissions } : {}), ...facts };
  return actor({ id, token: await signAccessToken(settingsOf(env), holder, crypto.randomUUID()) });
};

const hours = {
  start: '09:00',
  end: '12:00',
  slotMinutes: 30,
  bufferMinutes: 0,
  capacity: 1,
  mode: 'in_person',
  clinicId: null,
};

/** The same hours on every weekday. */
export const everyDay = (shape: Record<string, unknown> = {}) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    weekday,
    ...hours,
    effectiveFrom: null,
    effectiveUntil: null,
    ...shape,
  }));

/**
 * A verified doctor with the same hours every day (09:00 to 12:00, half-hour slots for one) and an open date.
 *
 * @param terms overrides the hours, and `approvalRequired`, `minimumNoticeMinutes`, `bookingWindowDays`
 */
export const practice = async (
  options: {
    readonly shape?: Record<string, unknown>;
    readonly terms?: Record<string, unknown>;
    readonly timeZone?: string;
    /** More of the doctor's profile. */
    readonly profile?: Record<string, unknown>;
  } = {},
) => {
  const boss: Person = await admin();
  const profile = { timeZone: options.timeZone ?? 'Asia/Dhaka', ...options.profile };
  const person = await doctor(profile, undefined, boss);
  const self = actor(person);
  const setSchedule = async (rules: unknown, terms: Record<string, unknown> = {}): Promise<Reply> => {
    const put = await self.act('PUT', `/doctors/${person.id}/schedule`, {
      minimumNoticeMinutes: 0,
      bookingWindowDays: 60,
      approvalRequired: false,
      ...options.terms,
      ...terms,
      rules,
    });
    if (put.status !== 200) throw new Error(`schedule: ${put.status} ${JSON.stringify(put.body)}`);
    return put;
  };
  await setSchedule(everyDay(options.shape));
  const date = addDays(utcDate(Date.now()), 3);
  const slotsOn = async (
    on: LocalDate = date,
  ): Promise<{ id: string; remaining: number; localStart: string; startsAt: string; capacity: number }[]> => {
    const response = await send('GET', `/doctors/${person.id}/slots?date=${on}`);
    if (response.status !== 200) throw new Error(`slots: ${response.status} ${await response.text()}`);
    return (await response.json<{ slots: never[] }>()).slots;
  };
  return {
    doctor: self,
    admin: actor(boss),
    date,
    setSchedule,
    slotsOn,
    /** The id of the slot at a local time, for example `09:30`. */
    slot: async (time: string, on: LocalDate = date): Promise<string> => {
      const found = (await slotsOn(on)).find((slot) => slot.localStart.endsWith(`T${time}`));
      if (found === undefined) throw new Error(`no slot at ${time} on ${on}`);
      return found.id;
    },
  };
};

/** The Durable Object of the day that a slot belongs to. */
export const dayOf = (slotId: string): DurableObjectStub<DoctorDay> => {
  const slot = parseSlotId(slotId);
  if (slot === null) throw new Error('not a slot id');
  return stubOf(slot.day);
};

/** The Durable Object of a doctor-day. */
export const stubOf = (day: DayKey): DurableObjectStub<DoctorDay> => env.DOCTOR_DAY.getByName(dayName(day));

/** Takes a day's alarm away, as if it would never run. */
export const suppressAlarm = (stub: DurableObjectStub<DoctorDay>): Promise<void> =>
  runInDurableObject(stub, (_, state) => state.storage.deleteAlarm());

/** Asks again until it holds, for what reaches D1 or a queue a moment later. Throws after five seconds. */
export const eventually = async <T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> => {
  let value = await ask();
  for (let tries = 0; tries < 300 && !holds(value); tries += 1) {
    await scheduler.wait(50);
    value = await ask();
  }
  if (!holds(value)) throw new Error(`never held: ${JSON.stringify(value)}`);
  return value;
};
