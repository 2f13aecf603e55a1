import { DurableObject } from 'cloudflare:workers';
import {
  type Attempt,
  attempt,
  forgiven,
  noTries,
  type ThrottleKind,
  type Tries,
  throttles,
} from '../src/domain/throttle.ts';

const key = 'tries';

interface Kept {
  readonly kind: ThrottleKind;
  readonly tries: Tries;
  /** Of the last try, whatever came of it: so that every try writes something new. */
  readonly askedAtMs?: number;
}

/**
 * Counts the failed tries of one account, device or address, in one place for all isolates and locations. Its name is a
 * keyed hash, so it knows no address of anybody. It deletes itself once nothing counts any more.
 */
export class LoginThrottle<E> extends DurableObject<E> {
  /** Decides a try, and counts it as failed until {@link forgive}. */
  async attempt(kind: ThrottleKind): Promise<Attempt> {
    const nowMs = Date.now();
    const kept = this.ctx.storage.kv.get<Kept>(key);
    const decided = attempt(kind, kept?.tries ?? noTries, nowMs);
    // Written even when nothing has changed: a try that has to wait must take as long as one that is looked at.
    this.ctx.storage.kv.put<Kept>(key, { kind, tries: decided.tries, askedAtMs: nowMs });
    if (kept === undefined) await this.ctx.storage.setAlarm(nowMs + throttles[kind].forgottenAfterMs);
    return decided.attempt;
  }

  /** The last try was right. */
  async forgive(kind: ThrottleKind): Promise<void> {
    const kept = this.ctx.storage.kv.get<Kept>(key);
    if (kept !== undefined) this.ctx.storage.kv.put<Kept>(key, { kind, tries: forgiven(kind, kept.tries) });
  }

  override async alarm(): Promise<void> {
    const kept = this.ctx.storage.kv.get<Kept>(key);
    const endMs = kept === undefined ? 0 : kept.tries.lastAtMs + throttles[kept.kind].forgottenAfterMs;
    if (endMs <= Date.now()) await this.ctx.storage.deleteAll();
    else await this.ctx.storage.setAlarm(endMs);
  }
}
