import { and, asc, gt, sql } from 'drizzle-orm';
import { type Database, database } from '../db/client.ts';
import { dataKeys } from '../db/schema.ts';
import { settingsOf } from '../env.ts';
import { describeError, report } from '../http/log.ts';
import { type KeyRing, keyRing } from './key-ring.ts';

const pageKeys = 250;
const pagesAtOnce = 20;

/**
 * Brings data keys under the current master key: all that another key of the ring wraps, page by page, for one turn.
 * The words themselves stay as they are. Each page is one statement that changes only keys that are still what was
 * read, so that it may break off anywhere, run twice, and run while people book. A job of every minute.
 *
 * @returns how many keys it has looked at
 */
export const rewrapDataKeys = async (env: Env, pages: number = pagesAtOnce): Promise<number> => {
  const ring = await keyRing(settingsOf(env).masterKeys);
  // With one key there is nothing that it could be brought under.
  if (ring.ids.length < 2) return 0;
  const db = database(env.DB);
  let keys = 0;
  for (const id of ring.ids.slice(1)) {
    let after = '';
    for (let page = 0; page < pages; page += 1) {
      const { last, looked } = await rewrapPage(db, ring, id, after);
      if (last === null) break;
      after = last;
      keys += looked;
    }
  }
  return keys;
};

/** Rewraps the next keys of one master key. Gives the last person of the page (`null` when there was none) and its size. */
const rewrapPage = async (
  db: Database,
  ring: KeyRing,
  masterId: string,
  after: string,
): Promise<{ readonly last: string | null; readonly looked: number }> => {
  const rows = await db
    .select({ subjectId: dataKeys.subjectId, wrapped: dataKeys.wrapped })
    .from(dataKeys)
    .where(and(sql`${dataKeys.masterId} = ${masterId}`, gt(dataKeys.subjectId, after)))
    .orderBy(asc(dataKeys.subjectId))
    .limit(pageKeys);
  const changes = await Promise.all(rows.map(({ subjectId, wrapped }) => rewrapped(ring, subjectId, wrapped ?? '')));
  const json = JSON.stringify(changes.filter((change) => change !== null));
  await db.run(sql`
    update data_keys set wrapped = change.value ->> 'after', master_id = ${ring.current}
    from json_each(${json}) as change
    where subject_id = change.value ->> 'subjectId' and wrapped = change.value ->> 'before'`);
  return { last: rows.at(-1)?.subjectId ?? null, looked: rows.length };
};

const rewrapped = async (ring: KeyRing, subjectId: string, before: string) => {
  try {
    const dataKey = await ring.unwrap(subjectId, before);
    if (dataKey === null) throw new Error('a data key does not unwrap');
    const after = await ring.wrap(subjectId, dataKey);
    const again = await ring.unwrap(subjectId, after);
    // A key that is written wrong is a person's words lost: what was wrapped is opened before it is stored.
    if (again === null || again.some((byte, i) => byte !== dataKey[i])) throw new Error('a data key was wrapped wrong');
    return { subjectId, before, after };
  } catch (error) {
    report('data_key_not_rewrapped', { subjectId, ...describeError(error) });
    return null;
  }
};
