/** What was asked about an appointment and what was answered. Times are ms of one clock. */
export interface Operation {
  readonly kind: 'hold' | 'confirm' | 'cancel';
  readonly slotId: string;
  readonly patientId: string;
  /** The appointment; `null` when the hold was refused or not answered. */
  readonly id: string | null;
  readonly status: number;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What a history breaks of the rules that every server here must keep, as sentences; none when it is right.
 *
 * A seat is surely taken from the answer to its hold until somebody begins to cancel it. At no instant may more seats
 * of a slot be surely taken than it has. Runs are shorter than a hold lives, so none ends by itself.
 *
 * @param capacities seats by slot id
 */
export const violationsOf = (history: readonly Operation[], capacities: ReadonlyMap<string, number>): string[] => {
  const found: string[] = [];
  const cancelledAtMs = new Map<string, number>();
  const held = new Set<string>();
  for (const { kind, id, status, startMs } of history) {
    if (kind === 'cancel' && id !== null) cancelledAtMs.set(id, startMs);
    if (kind === 'confirm' && status >= 400 && status < 500) found.push(`a live hold could not be confirmed: ${id}`);
    if (kind !== 'hold' || id === null) continue;
    if (held.has(id)) found.push(`two holds got one appointment: ${id}`);
    held.add(id);
  }
  const edges = new Map<string, { atMs: number; by: number }[]>();
  for (const { kind, id, slotId, endMs } of history) {
    if (kind !== 'hold' || id === null) continue;
    const slot = edges.get(slotId) ?? [];
    edges.set(slotId, slot);
    slot.push({ atMs: endMs, by: 1 }, { atMs: cancelledAtMs.get(id) ?? Number.POSITIVE_INFINITY, by: -1 });
  }
  for (const [slotId, slot] of edges) {
    // Where a seat is given back and another taken at one instant, the first goes first.
    slot.sort((a, b) => (a.atMs === b.atMs ? a.by - b.by : a.atMs - b.atMs));
    let taken = 0;
    let most = 0;
    for (const { by } of slot) {
      taken += by;
      most = Math.max(most, taken);
    }
    const capacity = capacities.get(slotId) ?? 0;
    if (most > capacity) found.push(`${most} seats of ${slotId} were taken at once; it has ${capacity}`);
  }
  return found;
};
