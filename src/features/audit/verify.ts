import type { Seal } from '../../domain/audit-chain.ts';
import { examine, type Finding } from '../../domain/audit-verdict.ts';
import { type Anchor, anchorDates, DamagedAnchor, headsBetween, readAnchor } from './anchors.ts';
import { sha256 } from './digest.ts';
import { loadSlice, type Place } from './slice.ts';

/** Rows and seals of one step: some 2,000 hashes, and less than 2 MB. */
const rowsAStep = 2_000;

/** Where a check goes on, and what it compares with. */
export interface Asked {
  readonly after: Place | null;
  /** One stream, or all. */
  readonly stream: string | null;
  /** The UTC date of an anchor, or the newest. */
  readonly anchorDate: string | null;
}

/** What one step of checking found. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly rows: number;
  /** Rows that wait for the sealer. */
  readonly unsealed: number;
  /** What was compared with; `null` when there is no anchor yet. */
  readonly anchor: { readonly date: string; readonly digest: string | null; readonly intact: boolean } | null;
  readonly next: Place | null;
}

/**
 * Checks the next rows of the audit against their seals, and the seals against an anchor. `null` when there is no anchor
 * of the date that was asked for.
 */
export const verifyStep = async (env: Env, asked: Asked, limit = rowsAStep): Promise<Checked | null> => {
  const date = asked.anchorDate ?? (await anchorDates(env.AUDIT_ANCHORS)).at(-1) ?? null;
  const slice = await loadSlice(env.DB, asked.after, asked.stream, limit);
  const anchored = await anchoredHeads(env.AUDIT_ANCHORS, date, asked, slice.end);
  if (anchored.anchor === null && asked.anchorDate !== null) return null;
  const { findings, unsealed } = await examine(sha256, { ...slice, anchors: anchored.heads });
  return { findings, rows: slice.rows.length, unsealed, anchor: anchored.anchor, next: slice.end };
};

const anchoredHeads = async (
  bucket: R2Bucket,
  date: string | null,
  { after, stream }: Asked,
  end: Place | null,
): Promise<{ anchor: Checked['anchor']; heads: Seal[] }> => {
  if (date === null) return { anchor: null, heads: [] };
  let anchor: Anchor | null = null;
  try {
    anchor = await readAnchor(bucket, date);
    if (anchor === null) return { anchor: null, heads: [] };
    const heads = await headsBetween(bucket, anchor, after, end, stream);
    return { anchor: { date, digest: anchor.digest, intact: true }, heads };
  } catch (error) {
    if (!(error instanceof DamagedAnchor)) throw error;
    return { anchor: { date, digest: anchor?.digest ?? null, intact: false }, heads: [] };
  }
};
