import { DurableObject } from 'cloudflare:workers';
import { type Ending, endingKeptMs, isEnded, laterOf, type TokenOrigin } from '../src/domain/ended-tokens.ts';

/** How often what is over is forgotten, at most, ms. */
const pruneEveryMs = 60_000;

interface EndedRow extends Record<string, SqlStorageValue> {
  readonly subject: string;
  readonly issued_until_ms: number | null;
}

/**
 * Knows which access tokens were ended before their time, for some of the accounts and one region. Every request that
 * needs signing in asks it, so a question is answered from memory; storage is there for the object's own restarts.
 * RPC signatures stay backward compatible, because a deploy may run old and new code side by side.
 */
export class SessionGuard<E> extends DurableObject<E> {
  readonly #endings = new Map<string, Ending>();
  readonly #sql: SqlStorage;
  #prunedAtMs = 0;

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      `CREATE TABLE IF NOT EXISTS ended (subject TEXT PRIMARY KEY, issued_until_ms INTEGER, forget_at_ms INTEGER NOT NULL)
       WITHOUT ROWID`,
    );
    const rows = this.#sql.exec<EndedRow>('SELECT subject, issued_until_ms FROM ended');
    for (const { subject, issued_until_ms: issuedUntilMs } of rows) {
      this.#endings.set(subject, { subject, issuedUntilMs });
    }
  }

  /** Whether an access token was ended. A session and an account that it has not heard of are fine. */
  isEnded(token: TokenOrigin): boolean {
    return isEnded(this.#endings, token);
  }

  /** Ends access tokens from now on. May be repeated. Resolves once it is stored. */
  end(endings: readonly Ending[]): void {
    const nowMs = Date.now();
    for (const told of endings) {
      const ending = laterOf(this.#endings.get(told.subject), told);
      this.#sql.exec(
        `INSERT INTO ended (subject, issued_until_ms, forget_at_ms) VALUES (?, ?, ?)
         ON CONFLICT (subject) DO UPDATE SET
           issued_until_ms = excluded.issued_until_ms, forget_at_ms = excluded.forget_at_ms`,
        ending.subject,
        ending.issuedUntilMs,
        nowMs + endingKeptMs,
      );
      this.#endings.set(ending.subject, ending);
    }
    if (nowMs - this.#prunedAtMs >= pruneEveryMs) this.#prune(nowMs);
  }

  #prune(nowMs: number): void {
    const over = this.#sql.exec<EndedRow>(
      'DELETE FROM ended WHERE forget_at_ms <= ? RETURNING subject, issued_until_ms',
      nowMs,
    );
    for (const { subject } of over) this.#endings.delete(subject);
    this.#prunedAtMs = nowMs;
  }
}
