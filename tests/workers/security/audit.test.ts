import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { auditStatement } from '../../../src/features/audit/record.ts';
import { sealWaiting } from '../../../src/features/audit/seal.ts';
import { type Actor, eventually, patient, practice } from '../../support/clinic.ts';
import { emptyStorage } from '../../support/empty-storage.ts';
import { tamper } from '../../support/tamper.ts';

let boss: Actor;
let stream: string;
let dayStream: string;

const record = (name: string, n: number) =>
  auditStatement(database(env.DB), {
    stream: name,
    actor: null,
    action: 'test.happened',
    subjectId: null,
    data: { n },
    atMs: 1_000 + n,
  });

/** What checking the audit names, page by page through the front door. */
const verdict = async (query = ''): Promise<{ found: string[]; rows: number; unsealed: number }> => {
  const sum = { found: [] as string[], rows: 0, unsealed: 0 };
  let cursor = '';
  do {
    const { status, body } = await boss.act('GET', `/admin/audit/verify?${query}${cursor}`);
    expect(status).toBe(200);
    for (const { stream: where, seq, fault } of body.findings) sum.found.push(`${where} ${seq} ${fault}`);
    sum.rows += body.rows;
    sum.unsealed += body.unsealed;
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  return sum;
};

/** Plants something, looks, and puts back what was there. */
const planted = async (...statements: readonly string[]): Promise<string[]> => {
  const keep = ['audit_events', 'audit_seals'] as const;
  const before = await Promise.all(
    keep.map(async (table) => (await env.DB.prepare(`SELECT * FROM ${table}`).all<Record<string, unknown>>()).results),
  );
  await tamper(...statements);
  const { found } = await verdict();
  await tamper(...keep.map((table) => `DELETE FROM ${table}`));
  for (const [i, table] of keep.entries()) {
    const rows = before[i] ?? [];
    const columns = Object.keys(rows[0] ?? {});
    await env.DB.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((name) => `value ->> '$.${name}'`).join(', ')}
       FROM json_each(?)`,
    )
      .bind(JSON.stringify(rows))
      .run();
  }
  await sealWaiting(env.DB);
  expect((await verdict()).found).toEqual([]);
  return found;
};

beforeAll(async () => {
  await emptyStorage();
  const { slot, doctor, admin, date } = await practice();
  boss = admin;
  const nadia = await patient();
  const hold = await nadia.holds(await slot('09:00'));
  await nadia.confirms(hold.body.id);
  await nadia.cancels(hold.body.id);
  dayStream = `day:${doctor.id}/${date}`;
  stream = 'clinic:c_chained';
  for (let n = 1; n <= 8; n += 1) await record(stream, n);
  await eventually(
    () => env.DB.prepare('SELECT count(*) AS n FROM audit_seals WHERE stream = ?').bind(dayStream).first<number>('n'),
    (n) => n === 4,
  );
  await sealWaiting(env.DB);
});

describe('an intruder with SQL', () => {
  test.each([
    ['edits a row', `UPDATE audit_events SET actor_id = 'u_x' WHERE stream = 'clinic:c_chained' AND seq = 2`],
    ['deletes a row', `DELETE FROM audit_events WHERE stream = 'clinic:c_chained' AND seq = 2`],
    ['deletes everything', 'DELETE FROM audit_events'],
    ['edits a seal', `UPDATE audit_seals SET hash = 'x' WHERE seq = 1`],
    ['deletes a seal', 'DELETE FROM audit_seals WHERE seq = 1'],
    ['hides a look at a record', 'DELETE FROM record_accesses WHERE true'],
  ])('[AU6] %s: a trigger refuses it', async (_, sql) => {
    await env.DB.prepare(
      `INSERT INTO record_accesses (patient_id, at_ms, stream, seq) VALUES ('u_p', 1, 'a', 1) ON CONFLICT DO NOTHING`,
    ).run();
    await expect(env.DB.prepare(sql).run()).rejects.toThrow('the audit is append-only');
  });

  test('[AU6] replaces a row: the row stays as it is', async () => {
    const row = () => env.DB.prepare(`SELECT * FROM audit_events WHERE stream = ? AND seq = 2`).bind(stream).first();
    const before = await row();
    await env.DB.prepare(
      `INSERT OR REPLACE INTO audit_events (stream, seq, at_ms, actor_role, action, data)
       VALUES (?, 2, 0, 'system', 'nothing.happened', '{}')`,
    )
      .bind(stream)
      .run();
    expect(await row()).toEqual(before);
  });
});

describe('an intruder who drops the triggers', () => {
  const where = (seq: number, name = 'clinic:c_chained') => `WHERE stream = '${name}' AND seq = ${seq}`;
  const insert = (name: string, seq: number) =>
    `INSERT INTO audit_events (stream, seq, at_ms, actor_role, action, data)
     VALUES ('${name}', ${seq}, 5, 'system', 'nothing.happened', '{}')`;

  test('[AU10] finds nothing to hide behind: untouched, the audit is whole', async () => {
    const { found, rows, unsealed } = await verdict();
    expect(found).toEqual([]);
    expect(rows).toBeGreaterThan(15);
    expect(unsealed).toBeLessThanOrEqual(2);
  });

  test('[AU10] edits any field of a row: named', async () => {
    for (const change of [
      `actor_id = 'u_x'`,
      `actor_role = 'admin'`,
      `action = 'nothing.happened'`,
      `subject_id = 'u_x'`,
      `data = '{"n":33}'`,
      'at_ms = at_ms + 1',
    ]) {
      expect(await planted(`UPDATE audit_events SET ${change} ${where(3)}`)).toEqual([`${stream} 3 edited`]);
    }
  });

  test('[AU10] edits a doctor-day, deletes from it, cuts it, adds to it: named', async () => {
    expect(await planted(`UPDATE audit_events SET actor_id = 'u_x' ${where(2, dayStream)}`)).toEqual([
      `${dayStream} 2 edited`,
    ]);
    expect(await planted(`DELETE FROM audit_events ${where(2, dayStream)}`)).toEqual([`${dayStream} 2 deleted`]);
    expect(await planted(`DELETE FROM audit_events ${where(4, dayStream)}`)).toEqual([`${dayStream} 4 truncated`]);
    expect(await planted(insert(dayStream, 5))).toEqual([`${dayStream} 5 inserted`]);
  });

  test('[AU10] deletes a row, with its seal or without: named', async () => {
    expect(await planted(`DELETE FROM audit_events ${where(4)}`)).toEqual([`${stream} 4 deleted`]);
    expect(await planted(`DELETE FROM audit_events ${where(4)}`, `DELETE FROM audit_seals ${where(4)}`)).toEqual([
      `${stream} 4 deleted`,
    ]);
  });

  test('[AU10] swaps two rows: named', async () => {
    const swap = [
      `UPDATE audit_events SET seq = 1000 ${where(3)}`,
      `UPDATE audit_events SET seq = 3 ${where(5)}`,
      `UPDATE audit_events SET seq = 5 ${where(1000)}`,
    ];
    expect(await planted(...swap)).toEqual([`${stream} 3 reordered`, `${stream} 5 reordered`]);
  });

  test('[AU10] inserts a row and moves those after it on: named', async () => {
    const found = await planted(
      `UPDATE audit_events SET seq = 1008 ${where(8)}`,
      `UPDATE audit_events SET seq = 1007 ${where(7)}`,
      insert(stream, 7),
      `UPDATE audit_events SET seq = seq - 999 WHERE stream = '${stream}' AND seq > 1000`,
    );
    // What stands behind the last seal is taken for new.
    expect(found).toEqual([`${stream} 7 inserted`, `${stream} 8 reordered`]);
  });

  test('[AU10] cuts the end off, or a whole stream: named', async () => {
    expect(await planted(`DELETE FROM audit_events WHERE stream = '${stream}' AND seq > 5`)).toEqual([
      `${stream} 6 truncated`,
    ]);
    expect(await planted(`DELETE FROM audit_events WHERE stream = '${stream}'`)).toEqual([`${stream} 1 truncated`]);
  });
});
