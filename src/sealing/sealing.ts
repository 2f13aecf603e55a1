import type { Context } from 'hono';
import { type Database, database } from '../db/client.ts';
import { refusal } from '../domain/refusal.ts';
import type { Settings } from '../env.ts';
import type { AppEnv } from '../http/context.ts';
import { RefusalException } from '../http/problem.ts';
import { dataKeyFor, dataKeysOf, type StoredKey } from './data-keys.ts';
import { keyRing } from './key-ring.ts';
import { openText, type Place, sealText } from './sealed-text.ts';
import { unwrapped } from './unwrapped.ts';

/**
 * The one way of a person's words (reason, symptoms, why it was cancelled, later notes and diagnoses) to storage and
 * back. Databases, objects and queues only ever hold what `sealFor` returns.
 */
export interface Sealing {
  /**
   * Seals a text about a person for the place where it will stand; `null` and `undefined` pass. Throws the refusal
   * `person_erased` for somebody whose data key was destroyed.
   */
  sealFor<T extends string | null | undefined>(subjectId: string, place: Place, text: T): Promise<T>;
  /**
   * Opens a sealed text. `null` for nothing, and for the words of somebody whose data key was destroyed. Throws when
   * the text was sealed for somebody or somewhere else, or changed since.
   */
  openFor(subjectId: string, place: Place, sealed: string | null): Promise<string | null>;
  /** Reads the data keys of many people in one query, before a list of their words is opened. */
  load(subjectIds: readonly string[]): Promise<void>;
}

/** What is known of a person's data key without asking D1, from an access token. */
export interface KnownKey {
  readonly subjectId: string;
  readonly wrapped: string;
}

/** Seals and opens for the length of one request or one turn of a background job; it remembers the keys it has read. */
const sealing = (settings: Settings, db: Database, known: KnownKey | null = null): Sealing => {
  const stored = new Map<string, Promise<StoredKey | undefined>>();
  const ring = () => keyRing(settings.masterKeys);

  /** `null` when there is none; `create` makes one for whoever never had one. */
  const keyOf = async (subjectId: string, create: boolean): Promise<CryptoKey | null> => {
    if (known?.subjectId === subjectId) {
      // A token may be older than the ring: then D1 has the same key in its newer wrapping.
      const key = await unwrapped(await ring(), subjectId, known.wrapped, Date.now());
      if (key !== null) return key;
    }
    let found = await remembered(subjectId, async () => (await dataKeysOf(db, [subjectId])).get(subjectId));
    if (found === undefined && create) {
      const made = dataKeyFor(db, await ring(), subjectId, Date.now());
      stored.set(subjectId, made);
      found = await made;
    }
    if (found === undefined || found === null) return null;
    const key = await unwrapped(await ring(), subjectId, found, Date.now());
    if (key === null) throw new Error('a data key is wrapped by a master key that MASTER_KEYS does not hold');
    return key;
  };

  const remembered = (
    subjectId: string,
    read: () => Promise<StoredKey | undefined>,
  ): Promise<StoredKey | undefined> => {
    const before = stored.get(subjectId);
    if (before !== undefined) return before;
    const now = read();
    stored.set(subjectId, now);
    return now;
  };

  return {
    sealFor: async <T extends string | null | undefined>(subjectId: string, place: Place, text: T): Promise<T> => {
      if (text === null || text === undefined) return text;
      const key = await keyOf(subjectId, true);
      if (key === null) throw new RefusalException(refusal('person_erased'));
      return (await sealText(key, subjectId, place, text)) as T;
    },
    openFor: async (subjectId, place, sealed) => {
      if (sealed === null) return null;
      const key = await keyOf(subjectId, false);
      return key === null ? null : openText(key, subjectId, place, sealed);
    },
    load: async (subjectIds) => {
      const wanted = [...new Set(subjectIds)].filter((id) => id !== known?.subjectId && !stored.has(id));
      if (wanted.length === 0) return;
      const keys = await dataKeysOf(db, wanted);
      for (const id of wanted) stored.set(id, Promise.resolve(keys.get(id)));
    },
  };
};

/** Seals and opens for a signed-in request. The principal's own key comes with the token, so it costs no query. */
export const sealingOf = (c: Context<AppEnv>): Sealing => {
  const { dataKey } = c.get('session');
  const known = dataKey === null ? null : { subjectId: c.get('principal').id, wrapped: dataKey };
  return sealing(c.get('settings'), database(c.env.DB), known);
};

/** Seals and opens for a request of nobody who is signed in, where something else than a session is the right to it. */
export const sealingOfNobody = (c: Context<AppEnv>): Sealing => sealing(c.get('settings'), database(c.env.DB));
