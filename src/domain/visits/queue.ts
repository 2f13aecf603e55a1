/** Somebody in a waiting room. Instants in ms since the epoch. */
export interface Waiting {
  readonly appointmentId: string;
  readonly startsAtMs: number;
  readonly checkedInAtMs: number;
  /** Comes before everybody whose visit is planned. */
  readonly isEmergency: boolean;
}

/** When somebody's turn is by right: at their time, or when they came, if that was later. */
const turnMs = ({ startsAtMs, checkedInAtMs }: Waiting): number => Math.max(startsAtMs, checkedInAtMs);

/**
 * The order in which those who wait are called in: emergencies first, then by their time. Who comes late queues from
 * when they came, so that nobody who is on time waits for them; who comes early wins nothing.
 */
export const inTurn = <T extends Waiting>(waiting: readonly T[]): T[] =>
  waiting.toSorted(
    (a, b) =>
      Number(b.isEmergency) - Number(a.isEmergency) ||
      turnMs(a) - turnMs(b) ||
      a.startsAtMs - b.startsAtMs ||
      (a.appointmentId < b.appointmentId ? -1 : 1),
  );

/** How many come before somebody who waits; `null` when they do not wait. */
export const aheadOf = (waiting: readonly Waiting[], appointmentId: string): number | null => {
  const place = inTurn(waiting).findIndex((one) => one.appointmentId === appointmentId);
  return place < 0 ? null : place;
};
