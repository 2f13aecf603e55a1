import { DurableObject } from 'cloudflare:workers';
import { type Taken, take } from '../src/domain/sliding-window.ts';

const key = 'counted';

interface Counted {
  readonly times: readonly number[];
  readonly periodMs: number;
}

/**
 * Counts what one caller does, in one place for all isolates and locations: the object of an address that signs in, or
 * of a patient who holds. It lies near the caller, because it is created by their first request, and deletes itself
 * once nothing counts any more.
 */
export class RateCounter<E> extends DurableObject<E> {
  /** Counts one more, if that is within the limit. What is refused is not counted. */
  async take(limit: number, periodMs: number): Promise<Omit<Taken, 'times'>> {
    const nowMs = Date.now();
    const counted = this.ctx.storage.kv.get<Counted>(key);
    const { times, ...taken } = take(counted?.times ?? [], limit, periodMs, nowMs);
    if (taken.ok) {
      this.ctx.storage.kv.put<Counted>(key, { times, periodMs });
      if (counted === undefined) await this.ctx.storage.setAlarm(nowMs + periodMs);
    }
    return taken;
  }

  override async alarm(): Promise<void> {
    const counted = this.ctx.storage.kv.get<Counted>(key);
    const endMs = (counted?.times.at(-1) ?? 0) + (counted?.periodMs ?? 0);
    if (endMs <= Date.now()) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.setAlarm(endMs);
  }
}
