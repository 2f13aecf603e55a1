import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type ChainRow, canonicalRow, noHash, type Seal, sealRows, withoutGap } from '../../src/domain/audit-chain.ts';
import { examine, type Slice } from '../../src/domain/audit-verdict.ts';
import { simDigest as digest } from '../support/sim/digest.ts';

const row = (stream: string, seq: number, more: Partial<ChainRow> = {}): ChainRow => ({
  stream,
  seq,
  atMs: 1_000 * seq,
  actorId: 'u_1',
  actorRole: 'doctor',
  action: 'doctor.edited',
  subjectId: null,
  data: `{"n":${seq}}`,
  ...more,
});
const stream = (name: string, length: number): ChainRow[] => Array.from({ length }, (_, i) => row(name, i + 1));
const sealed = async (rows: readonly ChainRow[]): Promise<Seal[]> => sealRows(digest, noHash, rows);

/** A doctor-day of ten rows, sealed, as somebody left it. */
const leftAs = async (
  change: (rows: ChainRow[], seals: Seal[]) => { rows?: ChainRow[]; seals?: Seal[] },
  more: Partial<Slice> = {},
  name = 'day:u_1/2026-12-01',
): Promise<{ found: string[]; unsealed: number }> => {
  const rows = stream(name, 10);
  const seals = await sealed(rows);
  const slice = { rows, seals, anchors: [], after: null, before: null, tail: null, ...more, ...change(rows, seals) };
  const { findings, unsealed } = await examine(digest, slice);
  return { found: findings.map(({ seq, fault }) => `${fault} ${seq}`), unsealed };
};

describe('the chain', () => {
  test('[AU8] is SHA-256 over the hash before, a line break and the row as a JSON array', async () => {
    const [one, two] = stream('account:u_1', 2) as [ChainRow, ChainRow];
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const form = '["daybook-audit-1","account:u_1",1,1000,"u_1","doctor","doctor.edited",null,"{\\"n\\":1}"]';
    expect(canonicalRow(one)).toBe(form);
    const first = sha256(`${'0'.repeat(64)}\n${form}`);
    const second = sha256(`${first}\n${canonicalRow(two)}`);
    expect(await sealed([one, two])).toEqual([
      { stream: 'account:u_1', seq: 1, hash: first },
      { stream: 'account:u_1', seq: 2, hash: second },
    ]);
  });

  test('[AU8] differs when any field does, and when text moves from one field to the next', async () => {
    const base = row('account:u_1', 1);
    const others: Partial<ChainRow>[] = [
      { stream: 'account:u_2' },
      { seq: 2 },
      { atMs: 1 },
      { actorId: null },
      { actorId: 'null' },
      { actorRole: 'admin' },
      { action: 'doctor.verified' },
      { subjectId: '' },
      { data: '{"n": 1}' },
      { action: 'doctor.edited","x', subjectId: 'y' },
    ];
    const texts = [base, ...others.map((change) => ({ ...base, ...change }))].map(canonicalRow);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('[AU9] is never sealed over a gap', () => {
    const rows = stream('account:u_1', 5).filter(({ seq }) => seq !== 4);
    expect(withoutGap(rows, 0).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(withoutGap(rows.slice(3), 3)).toEqual([]);
    expect(withoutGap([], 3)).toEqual([]);
  });
});

describe('the verdict on a stream', () => {
  test('[AU10] untouched: nothing', async () => {
    expect(await leftAs(() => ({}))).toEqual({ found: [], unsealed: 0 });
  });

  test('[AU10] an edited row is named, and those after it are not', async () => {
    const { found } = await leftAs((rows) => ({
      rows: rows.with(3, row(rows[3]?.stream ?? '', 4, { actorId: 'u_2' })),
    }));
    expect(found).toEqual(['edited 4']);
  });

  test('[AU10] an edited seal shows where the chain no longer holds', async () => {
    const { found } = await leftAs((_, seals) => ({ seals: seals.with(3, { ...(seals[3] as Seal), hash: noHash }) }));
    expect(found).toEqual(['edited 4', 'edited 5']);
  });

  test('[AU10] a deleted row is named, with its seal or without', async () => {
    expect((await leftAs((rows) => ({ rows: rows.toSpliced(3, 1) }))).found).toEqual(['deleted 4']);
    const both = await leftAs((rows, seals) => ({ rows: rows.toSpliced(3, 1), seals: seals.toSpliced(3, 1) }));
    expect(both.found).toEqual(['deleted 4']);
    const first = await leftAs((rows, seals) => ({ rows: rows.slice(1), seals: seals.slice(1) }));
    expect(first.found).toEqual(['deleted 1']);
  });

  test('[AU10] swapped rows are named as such', async () => {
    const { found } = await leftAs((rows) => {
      const [a, b] = [rows[2] as ChainRow, rows[6] as ChainRow];
      return { rows: rows.with(2, { ...b, seq: 3 }).with(6, { ...a, seq: 7 }) };
    });
    expect(found).toEqual(['reordered 3', 'reordered 7']);
  });

  test('[AU10] an inserted row is named: at the end of a doctor-day, between rows, and with all after it pushed on', async () => {
    const name = 'day:u_1/2026-12-01';
    expect((await leftAs((rows) => ({ rows: [...rows, row(name, 11)] }))).found).toEqual(['inserted 11']);
    expect((await leftAs((rows) => ({ rows: rows.toSpliced(3, 0, row(name, 3.5)) }))).found).toEqual(['inserted 3.5']);
    expect((await leftAs((rows) => ({ rows: [row(name, 0), ...rows] }))).found).toEqual(['inserted 0']);
    const pushed = await leftAs((rows) => ({
      rows: [
        ...rows.slice(0, 8),
        row(name, 9, { data: '{}' }),
        ...rows.slice(8).map((each) => ({ ...each, seq: each.seq + 1 })),
      ],
    }));
    expect(pushed.found).toEqual(['inserted 9', 'reordered 10', 'reordered 11']);
  });

  test('[AU10] a cut-off end is named: by its seals, and without them by the anchor', async () => {
    expect((await leftAs((rows) => ({ rows: rows.slice(0, 7) }))).found).toEqual(['truncated 8']);
    const both = (rows: ChainRow[], seals: Seal[]) => ({ rows: rows.slice(0, 7), seals: seals.slice(0, 7) });
    expect((await leftAs(both)).found).toEqual([]);
    const anchors = (await sealed(stream('day:u_1/2026-12-01', 10))).slice(-1);
    expect((await leftAs(both, { anchors })).found).toEqual(['truncated 8']);
    expect((await leftAs(() => ({ rows: [], seals: [] }), { anchors })).found).toEqual(['truncated 1']);
  });

  test('[AU10] a chain computed anew is not the one that was anchored', async () => {
    const anchors = (await sealed(stream('day:u_1/2026-12-01', 10))).slice(-1);
    const rows = stream('day:u_1/2026-12-01', 12).with(4, row('day:u_1/2026-12-01', 5, { actorId: 'u_2' }));
    const seals = await sealed(rows);
    expect((await leftAs(() => ({ rows, seals }))).found).toEqual([]);
    expect((await leftAs(() => ({ rows, seals }), { anchors })).found).toEqual(['rewritten 10']);
  });

  test('[AU9] rows at the end of other streams wait for the sealer; a gap among them is a deletion', async () => {
    const name = 'account:u_1';
    const waiting = (rows: ChainRow[]) => ({ rows: [...rows, row(name, 11), row(name, 12)] });
    expect(await leftAs(waiting, {}, name)).toEqual({ found: [], unsealed: 2 });
    const gap = (rows: ChainRow[]) => ({ rows: [...rows, row(name, 12)] });
    expect(await leftAs(gap, {}, name)).toEqual({ found: ['deleted 11'], unsealed: 1 });
  });

  test('[AU10] a slice out of the middle of a stream is judged by the seal before it', async () => {
    const name = 'account:u_1';
    const rows = stream(name, 10);
    const seals = await sealed(rows);
    const part = (list: readonly ChainRow[]): Slice => ({
      rows: list.slice(3, 6),
      seals: seals.slice(3, 6),
      anchors: [],
      after: { stream: name, seq: 3 },
      before: seals[2] ?? null,
      tail: { lastRow: 10, lastSeal: 10 },
    });
    expect(await examine(digest, part(rows))).toEqual({ findings: [], unsealed: 0 });
    const edited = rows.with(3, row(name, 4, { data: '{}' }));
    expect((await examine(digest, part(edited))).findings).toEqual([{ stream: name, seq: 4, fault: 'edited' }]);
    const cut = { ...part(rows), rows: rows.slice(3, 5) };
    expect((await examine(digest, cut)).findings).toEqual([{ stream: name, seq: 6, fault: 'deleted' }]);
  });

  test('[AU10] thousands of bad rows are all named', async () => {
    const rows = stream('account:u_1', 3_000);
    const seals = await sealed(rows);
    const slice = { seals, anchors: [], after: null, before: null, tail: null };
    const { findings } = await examine(digest, {
      ...slice,
      rows: rows.map((each) => ({ ...each, actorRole: 'admin' })),
    });
    expect(findings).toHaveLength(3_000);
  });
});
