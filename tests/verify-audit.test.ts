import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type ChainRow, noHash, sealRows } from '../src/domain/audit-chain.ts';
import { anchorText, type ExportedPlace, headLine } from '../src/domain/audit-export.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'daybook-audit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const end = '{"end":true,"next":null}';
const event = (stream: string, seq: number, data = `{"n":${seq}}`): ChainRow => ({
  stream,
  seq,
  atMs: seq,
  actorId: 'u_1',
  actorRole: 'admin',
  action: 'doctor.verified',
  subjectId: null,
  data,
});
const placesOf = async (rows: readonly ChainRow[]): Promise<ExportedPlace[]> => {
  const seals = await sealRows(async (text) => sha256(text), noHash, rows);
  return rows.map((row, i) => ({ stream: row.stream, seq: row.seq, row, hash: seals[i]?.hash ?? null }));
};
const rows = (stream: string) => [1, 2, 3, 4, 5, 6].map((seq) => event(stream, seq));
const account = await placesOf(rows('account:u_1'));
const anew = await placesOf(rows('account:u_1').with(2, event('account:u_1', 3, '{}')));
const day = await placesOf(rows('day:u_1/2026-12-01'));

const file = (name: string, lines: readonly unknown[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return path;
};
const anchored = ((): string => {
  const heads = [account, day].map((places) => places.at(-1) as ExportedPlace & { hash: string });
  const part = { sha256: sha256(heads.map(headLine).join('')), streams: 2 };
  const facts = { date: '2026-11-30', previous: null, broken: 0, parts: [part] };
  return file('anchor.ndjson', [
    { ...facts, digest: sha256(anchorText(facts)) },
    ...heads.map((h) => headLine(h).trim()),
  ]);
})();

/** Runs the command on lines of an export. */
const verify = (lines: readonly unknown[], ...more: string[]): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    const args = ['src/cli/verify-audit.ts', file('audit.ndjson', lines), ...more];
    const env = { ...process.env, NO_COLOR: '1', NODE_NO_WARNINGS: '1' };
    execFile(join(root, 'node_modules/.bin/node'), args, { cwd: root, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: out + err });
    });
  });
const edited = (places: readonly ExportedPlace[], seq: number): ExportedPlace[] =>
  places.map((place) => (place.seq === seq ? { ...place, row: event(place.stream, seq, '{}') } : place));

describe('npm run verify-audit', () => {
  test('[AU12] an export as it was written is whole', async () => {
    const { code, said } = await verify([...account, ...day, end], '--anchors', anchored);
    expect(said).toContain('2 streams, 12 rows, 0 of them not sealed yet, 2 anchored heads.');
    expect(said).toContain('The audit is what was written.');
    expect(code).toBe(0);
  });

  test.each<[string, readonly ExportedPlace[], string]>([
    ['an edit', edited(account, 3), 'edited account:u_1 number 3'],
    ['a deletion', account.map((p) => (p.seq === 3 ? { ...p, row: null } : p)), 'deleted account:u_1 number 3'],
    ['a deletion with its hash', account.filter(({ seq }) => seq !== 3), 'deleted account:u_1 number 3'],
    [
      'a swap',
      account.map((p) =>
        p.seq === 2 || p.seq === 4 ? { ...p, row: { ...event(p.stream, 6 - p.seq), atMs: 6 - p.seq, seq: p.seq } } : p,
      ),
      'reordered account:u_1 number 2',
    ],
    ['a cut-off end', account.map((p) => (p.seq > 4 ? { ...p, row: null } : p)), 'truncated account:u_1 number 5'],
    ['a cut-off end with its hashes', account.slice(0, 4), 'truncated account:u_1 number 5'],
    ['a stream that is gone', [], 'truncated account:u_1 number 1'],
    ['a chain computed anew', anew, 'rewritten account:u_1 number 6'],
  ])('[AU12] %s is named', async (_, places, named) => {
    const { code, said } = await verify([...places, ...day, end], '--anchors', anchored);
    expect(said).toContain(named);
    expect(code).toBe(1);
  });

  test('[AU12] an insertion into a doctor-day is named', async () => {
    const extra = { stream: 'day:u_1/2026-12-01', seq: 7, row: event('day:u_1/2026-12-01', 7), hash: null };
    const { code, said } = await verify([...account, ...day, extra, end]);
    expect(said).toContain('inserted day:u_1/2026-12-01 number 7');
    expect(code).toBe(1);
  });

  test('[AU12] a file that was cut, is no export, or comes with a forged anchor proves nothing', async () => {
    expect(await verify([...account, ...day])).toMatchObject({ code: 2 });
    expect(await verify([...account, 'hello', end])).toMatchObject({ code: 2 });
    expect(await verify([...account, ...day, ...account, end])).toMatchObject({ code: 2 });
    expect(await verify([...account, '{"end":true,"next":"abc"}'])).toMatchObject({ code: 2 });
    const forged = file('forged.ndjson', ['{"date":"2026-11-30","previous":null,"broken":0,"parts":[],"digest":"x"}']);
    expect(await verify([...account, end], '--anchors', forged)).toMatchObject({ code: 2 });
    expect(await verify([...account, end], '--anchors', join(folder, 'none'))).toMatchObject({ code: 2 });
  });
});
