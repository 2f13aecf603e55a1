import type { DayKey } from '../domain/ids.ts';
import type { LocalDate } from '../domain/local-date.ts';

/** What travels on the days queue: never more than ids and dates. At least once, in any order. */
export type DayMessage =
  /** An opened day must learn of the doctor's newest schedule. */
  | { readonly kind: 'schedule_changed'; readonly doctorId: string; readonly date: LocalDate }
  /** An opened day must learn who waits for it. */
  | { readonly kind: 'waitlist_changed'; readonly doctorId: string; readonly date: LocalDate }
  /** An opened day must project everything it holds again. */
  | { readonly kind: 'reproject'; readonly doctorId: string; readonly date: LocalDate }
  /** The search index of a doctor's coming days must be computed again. */
  | { readonly kind: 'index_doctor'; readonly doctorId: string }
  /** The readiness check asks whether the queue takes messages. */
  | { readonly kind: 'probe' };

/** Messages that the queue takes at once. */
const maxBatch = 100;

/** Sends one message a day, in batches of what the queue takes at once. */
export const sendForDays = async (
  queue: Queue,
  kind: 'schedule_changed' | 'waitlist_changed' | 'reproject',
  days: readonly DayKey[],
): Promise<void> => {
  for (let i = 0; i < days.length; i += maxBatch) {
    const batch = days.slice(i, i + maxBatch).map((day) => ({ body: { kind, ...day } satisfies DayMessage }));
    await queue.sendBatch(batch);
  }
};

/** Asks for the search index of doctors to be computed again. */
export const sendToIndex = async (queue: Queue, doctorIds: readonly string[]): Promise<void> => {
  for (let i = 0; i < doctorIds.length; i += maxBatch) {
    const batch = doctorIds.slice(i, i + maxBatch);
    await queue.sendBatch(batch.map((doctorId) => ({ body: { kind: 'index_doctor', doctorId } satisfies DayMessage })));
  }
};
