import { slotId } from '../ids.ts';
import type { Mode } from '../schedule.ts';
import type { SlotsView } from './view.ts';

/** A slot as those who watch the day are told of it: what anybody may know, and of no person anything. */
export interface LiveSlot {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly remaining: number;
  readonly mode: Mode;
  readonly clinicId: string | null;
}

/**
 * What a watcher is told: the whole day, in the place of all it was told before, or those slots that are no longer as it
 * was told. A slot that the day does not offer any more is told once more, with nothing left of it.
 */
export interface LiveMessage {
  readonly type: 'all' | 'changed';
  readonly slots: readonly LiveSlot[];
}

/** A day as it is told. */
export const liveSlotsOf = (view: SlotsView): LiveSlot[] =>
  view.slots.map(({ startsAtMs, endsAtMs, remaining, mode, clinicId }) => ({
    id: slotId(view, startsAtMs),
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(endsAtMs).toISOString(),
    remaining,
    mode,
    clinicId,
  }));

/** The slots that differ from what was told, in order of time. */
export const changedSince = (told: readonly LiveSlot[], now: readonly LiveSlot[]): LiveSlot[] => {
  const before = new Map(told.map((slot) => [slot.id, slot]));
  const changed = now.filter((slot) => {
    const known = before.get(slot.id);
    before.delete(slot.id);
    return known === undefined || !isSame(known, slot);
  });
  const gone = [...before.values()].filter(({ remaining }) => remaining > 0).map((slot) => ({ ...slot, remaining: 0 }));
  return [...changed, ...gone].sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
};

const isSame = (a: LiveSlot, b: LiveSlot): boolean =>
  a.remaining === b.remaining && a.endsAt === b.endsAt && a.mode === b.mode && a.clinicId === b.clinicId;
