import { DurableObject } from 'cloudflare:workers';

/** How long events gather before the first of them is posted, and the least time between two posts, ms. */
const gatherMs = 2_000;
const betweenMs = 10_000;
const firstRetryMs = 5_000;
const lastRetryMs = 3_600_000;
/** With the back-off above this is about a day. */
const maxAttempts = 32;
/** Events in one post, and those that wait; of what is beyond, only how many of each kind is told. */
const batchEvents = 100;
const maxWaiting = 1_000;

/** An event, as JSON objects travel. */
export type Alert = { readonly event: string } & Readonly<Record<string, unknown>>;

interface Hook {
  readonly url: string;
  readonly secret: string;
}

/** Whether a post was taken; if not, why, and how long the hook asked to wait, ms. */
export type PostOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: string; readonly retryAfterMs: number };

/** What the composition root hands over. */
export interface AlertRelaySettings {
  /** Where to post to, and the `whsec_` secret that signs it; `null` when there is nowhere any more. */
  readonly hook: Hook | null;
  /** Posts once, signed. */
  post(hook: Hook, post: { readonly id: string; readonly body: string }): Promise<PostOutcome>;
  report(what: string, detail: Record<string, unknown>): void;
}

/** One post: its id and its text stay the same however often it is tried. */
interface Post {
  readonly id: string;
  readonly body: string;
  readonly events: number;
  readonly attempts: number;
}

/**
 * Posts security events to the operator's hook as Standard Webhooks has it: signed, with an id that stays the same
 * through retries. All events of all isolates come here, so that a flood of them is at most one post in ten seconds.
 */
export class AlertRelay<E> extends DurableObject<E> {
  #settings: AlertRelaySettings | null = null;

  /** Takes what it depends on. */
  protected start(settings: AlertRelaySettings): void {
    this.#settings = settings;
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS waiting (seq INTEGER PRIMARY KEY, alert TEXT NOT NULL)');
    sql.exec('CREATE TABLE IF NOT EXISTS dropped (event TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID');
  }

  /** Takes events, to be posted soon. */
  async raise(alerts: readonly Alert[], dropped: Readonly<Record<string, number>> = {}): Promise<void> {
    const { sql } = this.ctx.storage;
    let room = maxWaiting - this.#waiting();
    for (const alert of alerts) {
      if (room > 0) sql.exec('INSERT INTO waiting (alert) VALUES (?)', JSON.stringify(alert));
      else this.#drop(alert.event, 1);
      room -= 1;
    }
    for (const [event, n] of Object.entries(dropped)) this.#drop(event, n);
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + gatherMs);
  }

  override async alarm(): Promise<void> {
    if (this.#settings === null || this.#settings.hook === null) return void (await this.ctx.storage.deleteAll());
    const { hook, report } = this.#settings;
    const post = this.ctx.storage.kv.get<Post>('post') ?? this.#next();
    if (post === null) return;
    const outcome = await this.#settings.post(hook, post);
    const attempts = post.attempts + 1;
    if (outcome.ok || attempts >= maxAttempts) {
      if (!outcome.ok) report('alerts_given_up', { attempts, events: post.events });
      this.ctx.storage.kv.delete('post');
      if (this.#waiting() > 0) await this.ctx.storage.setAlarm(Date.now() + betweenMs);
      return;
    }
    report('alert_hook_failed', { attempts, why: outcome.why });
    this.ctx.storage.kv.put<Post>('post', { ...post, attempts });
    const backOffMs = Math.min(lastRetryMs, firstRetryMs * 2 ** post.attempts);
    await this.ctx.storage.setAlarm(Date.now() + Math.min(lastRetryMs, Math.max(backOffMs, outcome.retryAfterMs)));
  }

  #waiting(): number {
    return Number(this.ctx.storage.sql.exec('SELECT count(*) AS n FROM waiting').one().n);
  }

  #drop(event: string, n: number): void {
    const add = 'INSERT INTO dropped VALUES (?, ?) ON CONFLICT (event) DO UPDATE SET n = n + excluded.n';
    this.ctx.storage.sql.exec(add, event, n);
  }

  /** Makes the next post of what waits, and stores it before it is tried; `null` when nothing waits. */
  #next(): Post | null {
    return this.ctx.storage.transactionSync(() => {
      const { sql, kv } = this.ctx.storage;
      const rows = sql.exec('SELECT seq, alert FROM waiting ORDER BY seq LIMIT ?', batchEvents).toArray();
      const dropped = sql.exec('SELECT event, n FROM dropped').toArray();
      if (rows.length === 0 && dropped.length === 0) return null;
      const data = {
        events: rows.map(({ alert }) => JSON.parse(String(alert)) as Alert),
        notShown: Object.fromEntries(dropped.map(({ event, n }) => [String(event), Number(n)])),
      };
      const body = JSON.stringify({ type: 'security.events', timestamp: new Date().toISOString(), data });
      const post: Post = { id: `msg_${crypto.randomUUID()}`, body, events: rows.length, attempts: 0 };
      sql.exec('DELETE FROM waiting WHERE seq <= ?', Number(rows.at(-1)?.seq ?? 0));
      sql.exec('DELETE FROM dropped');
      kv.put<Post>('post', post);
      return post;
    });
  }
}
