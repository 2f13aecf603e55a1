import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDayName } from '../../../src/domain/ids.ts';
import { invariant } from '../../../src/domain/result.ts';
import { EngineWorld } from '../../support/sim/engine-world.ts';
import { Random } from '../random.ts';
import { ring } from './clock-work.ts';
import type { MonthPlan } from './plan.ts';
import { SimQueue } from './queues.ts';

const minuteMs = 60_000;
const sweepEveryMs = 5 * minuteMs;

/** A mail that a provider has taken. */
export interface Taken {
  /** The ledger's row. */
  readonly notificationId: string;
  readonly to: string;
  readonly atMs: number;
}

const providerFails = 0.2;
const d1Fails = 0.01;
const dayFails = 0.02;

/** The variables of the wrangler file. */
const variables = (): Record<string, string> => {
  const text = readFileSync(join(import.meta.dirname, '../../../wrangler.toml'), 'utf8');
  const [, part = ''] = text.split('\n[vars]\n');
  const [vars = ''] = part.split('\n[');
  return Object.fromEntries([...vars.matchAll(/^([A-Z_0-9]+) = "(.*)"$/gm)].map(([, name, value]) => [name, value]));
};

/** Everything round the code that plans, claims and sends: days, D1, queues, providers and crons that misbehave. */
export class MonthWorld {
  readonly days: EngineWorld;
  readonly taken: Taken[] = [];
  readonly env: Env;
  readonly counts = { sweepsSkipped: 0, sweepsDoubled: 0, d1: 0, providers: 0, days: 0 };
  readonly notices: SimQueue;
  readonly messages: SimQueue;
  readonly #plan: MonthPlan;
  readonly #random: Random;
  readonly #unreachable: ReadonlySet<string>;
  /** Whether D1 may fail now. */
  #fragile = false;
  #asking: Promise<unknown> = Promise.resolve();

  constructor(plan: MonthPlan) {
    this.#plan = plan;
    this.#random = new Random(plan.seed).fork('faults');
    this.days = new EngineWorld(plan.fromMs, { maxHoldsPerDay: 20 });
    this.#unreachable = new Set(
      plan.patients.filter(({ unreachable }) => unreachable).map(({ id }) => `${id}@example.com`),
    );
    const now = () => this.days.clock.nowMs;
    this.notices = new SimQueue(this.#random.fork('notices'), now, 50);
    this.messages = new SimQueue(this.#random.fork('messages'), now, 10);
    this.env = this.#bindings();
    this.days.wake = async () => {
      await this.env.NOTIFICATION_QUEUE.sendBatch([{ body: { kind: 'intents' } }]).catch(() => undefined);
    };
    this.days.d1.intercept = () => {
      if (!this.#fragile || !this.#random.chance(d1Fails)) return;
      this.counts.d1 += 1;
      throw new Error('D1_ERROR: network connection lost');
    };
  }

  /**
   * Lets time pass until the next whole minute in which something may happen: a sweep, a message, or `soonestMs`; and what
   * comes with it: alarms, crons, and what the queues deliver.
   */
  async pass(soonestMs: number): Promise<void> {
    const { nowMs: beforeMs } = this.days.clock;
    const sweepMs = (Math.floor(beforeMs / sweepEveryMs) + 1) * sweepEveryMs;
    const dueMs = this.isOut(beforeMs) ? sweepMs : Math.min(this.notices.nextMs(), this.messages.nextMs());
    const minute = Math.ceil(Math.min(sweepMs, dueMs, soonestMs) / minuteMs);
    await this.days.letPass(Math.max(beforeMs + minuteMs, minute * minuteMs) - beforeMs);
    const nowMs = this.days.clock.nowMs;
    if (this.isOut(nowMs)) return;
    await this.fragile(() => ring(this, this.#random, nowMs));
  }

  /** Whether crons and queues stand still. */
  isOut(nowMs: number): boolean {
    return nowMs >= this.#plan.outage.fromMs && nowMs < this.#plan.outage.untilMs;
  }

  /** While D1 may fail. */
  async fragile<T>(work: () => Promise<T>): Promise<T> {
    this.#fragile = true;
    try {
      return await work();
    } finally {
      this.#fragile = false;
    }
  }

  /** What is not about the ledger must not fail: a mail that went and was not recorded is the one window there is. */
  async sturdy<T>(work: () => Promise<T>): Promise<T> {
    this.#fragile = false;
    try {
      return await work();
    } finally {
      this.#fragile = true;
    }
  }

  #bindings(): Env {
    const bytes = Buffer.alloc(32, 7).toString('base64');
    return {
      ...variables(),
      ...{ ENVIRONMENT: 'test', MAIL_TRANSPORT: 'cloudflare', SMS_TRANSPORT: 'local', APP_URL: 'http://daybook.test' },
      ...{ DATA_KEY: bytes, MASTER_KEYS: bytes, JWT_KEYS: '[]' },
      DB: this.days.d1.binding,
      DOCTOR_DAY: { getByName: (name: string) => ({ get: (id: string) => this.#ask(name, id) }) },
      NOTIFICATION_QUEUE: this.notices.binding,
      MESSAGE_QUEUE: this.messages.binding,
      WEBHOOK_QUEUE: this.notices.binding,
      EMAIL: { send: (mail: { to: string; raw: string }) => this.#take(mail) },
    } as unknown as Env;
  }

  /** One question after the other: the turns of the days are run by hand. */
  #ask(name: string, id: string): Promise<unknown> {
    const day = parseDayName(name);
    invariant(day !== null, 'a day has a name');
    const asked = this.#asking.then(() => {
      if (this.#random.chance(dayFails)) {
        this.counts.days += 1;
        throw Object.assign(new Error('the object was reset'), { retryable: true });
      }
      return this.days.ask(day, (engine) => engine.get(id));
    });
    this.#asking = asked.catch(() => undefined);
    return asked;
  }

  async #take({ to, raw }: { to: string; raw: string }): Promise<{ messageId: string }> {
    if (this.#unreachable.has(to)) throw Object.assign(new Error('no'), { code: 'E_RECIPIENT_NOT_ALLOWED' });
    if (this.#random.chance(providerFails)) {
      this.counts.providers += 1;
      throw Object.assign(new Error('not now'), { code: 'E_INTERNAL' });
    }
    const notificationId = /X-Entity-Ref-ID: m_(n_[\w-]+)/i.exec(raw)?.[1] ?? '';
    this.taken.push({ notificationId, to, atMs: this.days.clock.nowMs });
    return { messageId: notificationId };
  }
}
