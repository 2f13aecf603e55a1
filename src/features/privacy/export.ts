import type { Database } from '../../db/client.ts';
import type { Settings } from '../../env.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { auditStatement } from '../audit/record.ts';
import type { Account } from '../identity/account.ts';
import { sectionsOf } from './sections.ts';
import { subjectsOf } from './subjects.ts';

/** Rows of one list. Beyond it the list is cut, and named in `cut`. */
const maxRows = 20_000;

/** Records that somebody took all of their data out. Awaited before the first byte. */
export const recordExport = async (db: Database, account: Account, nowMs: number): Promise<void> => {
  const { id } = account;
  const entry = { stream: `account:${id}`, actor: account, action: 'account.exported', subjectId: id, data: {} };
  await auditStatement(db, { ...entry, atMs: nowMs });
};

/** Everything that is held about the holder of an account and their dependants, as one JSON document. */
export const exportStream = (
  db: Database,
  settings: Settings,
  sealing: Sealing,
  account: Account,
  nowMs: number,
): ReadableStream<Uint8Array> => {
  const chunks = written(db, settings, sealing, account, nowMs);
  const utf8 = new TextEncoder();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(utf8.encode(value));
    },
    cancel: async () => {
      await chunks.return(undefined);
    },
  });
};

const written = async function* (
  db: Database,
  settings: Settings,
  sealing: Sealing,
  account: Account,
  nowMs: number,
): AsyncGenerator<string, undefined> {
  const subjectIds = await subjectsOf(db, account.id);
  await sealing.load(subjectIds);
  const cut: string[] = [];
  yield `{"exportedAt":${JSON.stringify(new Date(nowMs).toISOString())}`;
  for (const [name, pages] of Object.entries(sectionsOf(db, settings, sealing, account.id, subjectIds))) {
    yield `,${JSON.stringify(name)}:[`;
    let count = 0;
    for await (const page of pages()) {
      if (count >= maxRows) {
        cut.push(name);
        break;
      }
      yield page.map((row, i) => `${count + i === 0 ? '' : ','}${JSON.stringify(row)}`).join('');
      count += page.length;
    }
    yield ']';
  }
  yield `,"cut":${JSON.stringify(cut)}}`;
  return undefined;
};
