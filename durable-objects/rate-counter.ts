import { DurableObject } from 'cloudflare:workers';
import { type Taken, take } from '../src/domain/sliding-window.ts';

const key = 'counted';

interface Counted {
  readonly times: readonly number[];
  readonly periodMs: number;
}

const namedKey = 'named';

interface Named {
  readonly names: readonly { readonly name: string; readonly atMs: number }[];
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

  /** As `take`, of something with a name: the same again is counted once. */
  async takeOnce(name: string, limit: number, periodMs: number): Promise<{ ok: boolean; isNew: boolean }> {
    const nowMs = Date.now();
    const named = this.ctx.storage.kv.get<Named>(namedKey)?.names ?? [];
    const counting = named.filter(({ atMs }) => atMs > nowMs - periodMs);
    if (counting.some((one) => one.name === name)) return { ok: true, isNew: false };
    if (counting.length >= limit) return { ok: false, isNew: false };
    this.ctx.storage.kv.put<Named>(namedKey, { names: [...counting, { name, atMs: nowMs }], periodMs });
    await this.ctx.storage.setAlarm(nowMs + periodMs);
    return { ok: true, isNew: true };
  }

  /** Counts something with a name no more: it came to nothing. */
  giveBack(name: string): void {
    const named = this.ctx.storage.kv.get<Named>(namedKey);
    if (named === undefined) return;
    this.ctx.storage.kv.put<Named>(namedKey, { ...named, names: named.names.filter((one) => one.name !== name) });
  }

  override async alarm(): Promise<void> {
    const counted = this.ctx.storage.kv.get<Counted>(key);
    const named = this.ctx.storage.kv.get<Named>(namedKey);
    const endMs = Math.max(
      (counted?.times.at(-1) ?? 0) + (counted?.periodMs ?? 0),
      (named?.names.at(-1)?.atMs ?? 0) + (named?.periodMs ?? 0),
    );
    if (endMs <= Date.now()) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.setAlarm(endMs);
  }
}
