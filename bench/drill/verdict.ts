import type { Attempt, Record } from './record.ts';

/** An appointment as it stands after the drill, read from its doctor-day and from D1. */
export interface Standing {
  readonly id: string;
  readonly slotId: string;
  readonly patientId: string;
  readonly status: string;
  readonly version: number;
}

/** What a drill found. Everything but the first two must be empty. */
export interface Verdict {
  readonly acknowledged: number;
  readonly stored: number;
  readonly lost: readonly string[];
  readonly double: readonly string[];
  /** Stored, though nobody who asked for it could think so. */
  readonly unasked: readonly string[];
  readonly contradictions: readonly string[];
  readonly behind: readonly string[];
}

const live = ['pending', 'confirmed'];

/**
 * Judges what stands after a drill against all that was acknowledged in it.
 *
 * @param standing every acknowledged appointment as its doctor-day tells it
 * @param projected every appointment as D1 has it
 */
export const verdictOf = (
  record: Record,
  standing: ReadonlyMap<string, Standing>,
  projected: ReadonlyMap<string, Standing>,
  capacities: ReadonlyMap<string, number>,
): Verdict => {
  const holds = record.acknowledged();
  const lost: string[] = [];
  for (const [id] of holds) {
    const now = standing.get(id)?.status;
    if (now === undefined) lost.push(`${id} was acknowledged and is gone`);
    else if (!possibleStatuses(record.changesOf(id)).has(now)) lost.push(`${id} is ${now}, which nobody was told`);
  }
  const behind = [...standing.values()]
    .filter((one) => differs(projected.get(one.id), one))
    .map(({ id }) => `${id} differs in D1`);
  return {
    acknowledged: holds.size,
    stored: [...holds.keys()].filter((id) => standing.has(id)).length,
    lost,
    double: [...doubles(projected, capacities), ...doubles(standing, capacities), ...overlaps(record, capacities)],
    unasked: unasked(record, projected),
    contradictions: record.contradictions(),
    behind,
  };
};

/** Whether D1 shows an appointment otherwise than it stands, or not at all. */
export const differs = (shown: Standing | undefined, stands: Standing): boolean =>
  shown?.version !== stands.version || shown.status !== stands.status;

/** How an appointment may stand, by what its patient was told about it, and what was asked and never answered. */
const possibleStatuses = (changes: readonly Attempt[]): Set<string> => {
  const told = (kind: Attempt['kind']) => changes.some((one) => one.kind === kind && one.answer?.status === 200);
  const asked = (kind: Attempt['kind']) => changes.some((one) => one.kind === kind && one.answer === null);
  if (told('cancel')) return new Set(['cancelled']);
  const possible = new Set(told('confirm') ? ['confirmed'] : ['pending', 'expired']);
  if (asked('confirm')) possible.add('confirmed');
  if (asked('cancel')) possible.add('cancelled');
  return possible;
};

/** Appointments that no acknowledged hold and no unanswered one explains. */
const unasked = (record: Record, projected: ReadonlyMap<string, Standing>): string[] => {
  const acknowledged = record.acknowledged();
  const open = new Set(record.unanswered().map(({ slotId, patientId }) => `${slotId} ${patientId}`));
  return [...projected.values()]
    .filter(({ id, slotId, patientId }) => !acknowledged.has(id) && !open.has(`${slotId} ${patientId}`))
    .map(({ id }) => `${id} was never asked for`);
};

/** Slots on which more seats are taken than there are. */
const doubles = (appointments: ReadonlyMap<string, Standing>, capacities: ReadonlyMap<string, number>): string[] => {
  const taken = new Map<string, number>();
  for (const { slotId, status } of appointments.values()) {
    if (live.includes(status)) taken.set(slotId, (taken.get(slotId) ?? 0) + 1);
  }
  return [...taken]
    .filter(([slotId, seats]) => seats > (capacities.get(slotId) ?? 0))
    .map(([slotId, seats]) => `${seats} seats of ${slotId} are taken`);
};

/** Slots that had, at some moment of the drill, more seats surely taken than there are. */
const overlaps = (record: Record, capacities: ReadonlyMap<string, number>): string[] => {
  const edges = new Map<string, { atMs: number; by: number }[]>();
  for (const [id, hold] of record.acknowledged()) {
    const changes = record.changesOf(id);
    const confirmed = changes.find(({ kind, answer }) => kind === 'confirm' && answer?.status === 200);
    const cancel = changes.find(({ kind }) => kind === 'cancel');
    // An unconfirmed hold is sure only until it may have run out; that time is told by the clock of both.
    const runsOutMs = Date.parse(hold.answer?.body.expiresAt) - performance.timeOrigin;
    const until = Math.min(
      cancel?.startMs ?? Number.POSITIVE_INFINITY,
      confirmed === undefined ? runsOutMs : Number.POSITIVE_INFINITY,
    );
    if (until <= hold.endMs) continue;
    const slot = edges.get(hold.slotId) ?? [];
    edges.set(hold.slotId, slot);
    slot.push({ atMs: hold.endMs, by: 1 }, { atMs: until, by: -1 });
  }
  const found: string[] = [];
  for (const [slotId, slot] of edges) {
    slot.sort((a, b) => (a.atMs === b.atMs ? a.by - b.by : a.atMs - b.atMs));
    let taken = 0;
    let most = 0;
    for (const { by } of slot) {
      taken += by;
      most = Math.max(most, taken);
    }
    if (most > (capacities.get(slotId) ?? 0)) found.push(`${most} seats of ${slotId} were taken at once`);
  }
  return found;
};
