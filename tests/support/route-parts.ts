import type { RefusalCode } from '../../src/domain/refusal.ts';
import type { Cast, State } from './cast.ts';
import { dependantOf, patient } from './people.ts';
import { nowhere, withoutWebhooks } from './webhooks.ts';

/** A request that a route understands, made for this once. */
export interface Ask {
  /** The ids in the path, by name. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** When it is asked, ms; now if absent. */
  readonly atMs?: number;
}

/** A status of success, or the code of a refusal. */
export type Expected = 200 | 201 | 202 | 204 | RefusalCode;

/**
 * A route, how it is asked, and what it answers to: nobody, the patient, another patient, the doctor concerned, another
 * doctor, an admin.
 */
export type Row = readonly [
  route: string,
  ask: (cast: Cast) => Ask | Promise<Ask>,
  expected: readonly [Expected, Expected, Expected, Expected, Expected, Expected],
];

export const out = 'unauthenticated';
export const role = 'forbidden';
export const gone = 'not_found';
export const all = (status: 200 | 201 | 204): Row[2] => [status, status, status, status, status, status];
export const adminGets = (status: 200 | 201 | 202 | 204): Row[2] => [out, role, role, role, role, status];
export const doctorGets = (status: 200 | 201 | 204): Row[2] => [out, role, role, status, gone, status];

export const everybody = (expected: Expected): Row[2] => [expected, expected, expected, expected, expected, expected];
export const whoever = (expected: Expected): Row[2] => [out, expected, expected, expected, expected, expected];

/** The password of everybody in the cast, and another. */
export const password = 'Correct-Horse-7';
export const newPassword = 'Another-Horse-8';
/** Passkeys' answers of the right shape that nothing signed. */
const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {} };
export const attested = { ...credential, response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' } };
export const asserted = {
  ...credential,
  response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA', userHandle: 'AAAA' },
};

export const plainly = (): Ask => ({});
export const saying =
  (body: (cast: Cast) => unknown): Row[1] =>
  (cast) => ({ body: body(cast) });
export const factorless =
  (body: unknown): Row[1] =>
  async (cast) => {
    await cast.withoutFactors();
    return { body };
  };
/** A calendar elsewhere that the doctor has added, the only one that there is. */
export const calendarSourceOf = async ({
  members,
  newCalendarSource,
  withoutCalendarSources,
}: Cast): Promise<string> => {
  await withoutCalendarSources();
  const path = `/doctors/${members.ownDoctor.id}/calendar-sources`;
  return (await members.ownDoctor.act('POST', path, await newCalendarSource())).body.id;
};
export const ofDoctor =
  (body?: (cast: Cast) => unknown): Row[1] =>
  (cast) => ({ params: { id: cast.members.ownDoctor.id }, ...(body === undefined ? {} : { body: body(cast) }) });
export const of =
  (state: State, body?: (cast: Cast) => unknown): Row[1] =>
  async (cast) => {
    const { id, startsAtMs } = await cast.appointment(state);
    return {
      params: { id },
      ...(body === undefined ? {} : { body: body(cast) }),
      ...(state === 'begun' ? { atMs: startsAtMs } : {}),
    };
  };
/** Of a clinic, and of somebody who has just come to work there. */
export const ofWorker: Row[1] = async ({ clinicId, members }) => {
  const { id, email } = await patient('Desk Worker');
  await members.admin.act('POST', `/clinics/${clinicId}/staff`, { email });
  return { params: { id: clinicId, accountId: id } };
};
/** A webhook of the cast's clinic, the only one that there is. */
export const webhookFor = async ({ clinicId, members }: Cast): Promise<string> => {
  await withoutWebhooks(clinicId);
  return (await members.admin.act('POST', `/clinics/${clinicId}/webhooks`, { url: nowhere })).body.id;
};
export const ofWebhook =
  (body?: unknown): Row[1] =>
  async (cast) => ({
    params: { id: cast.clinicId, webhookId: await webhookFor(cast) },
    ...(body === undefined ? {} : { body }),
  });
/** Asked an hour ago: it ends access tokens that were issued until then, and those of the cast shall go on. */
export const before =
  (ask: Row[1]): Row[1] =>
  async (cast) => ({ ...(await ask(cast)), atMs: Date.now() - 3_600_000 });
/** An application on a device of its own. */
export const application = () => ({ service: 'fcm', name: 'My phone', token: crypto.randomUUID().repeat(4) });
export const child = () => ({ fullName: 'Tuli Islam', birthDate: '2019-04-30' });
export const ofDependant =
  (body?: unknown): Row[1] =>
  async ({ members }) => ({
    params: { id: await dependantOf(members.patient.id) },
    ...(body === undefined ? {} : { body }),
  });
export const ofLink: Row[1] = async (cast) => ({ params: { token: await cast.unsubscribing() } });
/** A feed of the patient, the only one that there is. */
export const feedOf = async ({ members, withoutFeeds }: Cast): Promise<{ id: string; file: string }> => {
  await withoutFeeds();
  const { body } = await members.patient.act('POST', '/calendar-feeds', { label: 'Phone' });
  return { id: body.id, file: body.url.slice(body.url.lastIndexOf('/') + 1) };
};
export const ofFeed: Row[1] = async (cast) => ({ params: { id: (await feedOf(cast)).id } });
export const without = <T extends object, Key extends keyof T>(whole: T, key: Key): Omit<T, Key> => {
  const { [key]: _, ...rest } = whole;
  return rest;
};
export const toFreeSlot = (cast: Cast) => ({ slotId: cast.freeSlot().id });
export const withReason = () => ({ reason: 'Something came up' });
