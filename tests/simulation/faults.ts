import type { Random } from './random.ts';

/** How long an outside effect may take, ms; as in the objects' shells. */
export const effectTimeoutMs = 10_000;

/** Where a message travels. */
export type Route = 'd1' | 'peer' | 'client' | 'queue';

/** What becomes of a message: it is lost on its way, its answer is lost, it takes very long, or it arrives. */
export type Fate = 'lost' | 'answer_lost' | 'slow' | 'well';

/** How likely each fault is, from 0 to 1: per message, per event or per alarm. */
export interface FaultRates {
  readonly d1Lost: number;
  readonly d1AnswerLost: number;
  readonly d1Slow: number;
  readonly rpcLost: number;
  readonly rpcAnswerLost: number;
  readonly rpcSlow: number;
  /** A doctor-day's message to another arrives twice. */
  readonly rpcTwice: number;
  /** The object that has just run dies. */
  readonly crash: number;
  readonly alarmLate: number;
  readonly alarmLost: number;
  readonly alarmTwice: number;
  /** The clock is set an hour ahead. */
  readonly clockJump: number;
  readonly queueTwice: number;
  /** An object is busy: what arrives meanwhile shares its turn, and its commit. */
  readonly longTurn: number;
}

/** A stretch of time in which one thing fails nearly always. In elapsed ms. */
export interface Burst {
  readonly what: 'd1_down' | 'd1_slow' | 'rpc_down' | 'peers_unheard' | 'crashes';
  readonly fromMs: number;
  readonly toMs: number;
}

/** What goes wrong in one run. */
export interface FaultPlan {
  readonly rates: FaultRates;
  readonly bursts: readonly Burst[];
}

/** What happens or not, whatever becomes of messages. */
type Stroke = Exclude<keyof FaultRates, 'd1Lost' | 'd1AnswerLost' | 'd1Slow' | 'rpcLost' | 'rpcAnswerLost' | 'rpcSlow'>;

/** Nothing goes wrong. */
const calm: FaultPlan = {
  rates: {
    d1Lost: 0,
    d1AnswerLost: 0,
    d1Slow: 0,
    rpcLost: 0,
    rpcAnswerLost: 0,
    rpcSlow: 0,
    rpcTwice: 0,
    crash: 0,
    alarmLate: 0,
    alarmLost: 0,
    alarmTwice: 0,
    clockJump: 0,
    queueTwice: 0,
    longTurn: 0,
  },
  bursts: [],
};

/** Draws what goes wrong: each kind of fault is absent, rare or common, so that seeds differ in character. */
export const drawFaults = (random: Random, durationMs: number): FaultPlan => {
  const weather = random.pick(['fair', 'mild', 'mild', 'stormy'] as const);
  const rare = weather === 'fair' ? 0 : weather === 'mild' ? 0.1 : 0.4;
  const rate = (common: number): number => random.pick([0, rare, rare, weather === 'stormy' ? 1 : rare]) * common;
  const rates: FaultRates = {
    d1Lost: rate(0.2),
    d1AnswerLost: rate(0.2),
    d1Slow: rate(0.15),
    rpcLost: rate(0.15),
    rpcAnswerLost: rate(0.15),
    rpcSlow: rate(0.1),
    rpcTwice: rate(0.5),
    crash: rate(0.03),
    alarmLate: rate(0.4),
    alarmLost: rate(0.2),
    alarmTwice: rate(0.3),
    clockJump: rate(0.004),
    queueTwice: rate(0.4),
    longTurn: random.fork('turns').pick([0, rare, rare, weather === 'stormy' ? 1 : rare]) * 0.3,
  };
  const bursts = Array.from({ length: weather === 'fair' ? 0 : random.int(4) }, (): Burst => {
    const fromMs = random.int(durationMs);
    const what = random.pick(['d1_down', 'd1_slow', 'rpc_down', 'peers_unheard', 'crashes'] as const);
    return { what, fromMs, toMs: fromMs + random.between(1_000, 150_000) };
  });
  return { rates, bursts };
};

/** Deals out the faults of a plan while a run goes on, and counts them. */
export class Faults {
  readonly counts: Record<string, number> = {};
  #plan: FaultPlan;
  readonly #whole: FaultPlan;
  readonly #random: Random;
  readonly #elapsedMs: () => number;

  constructor(plan: FaultPlan, random: Random, elapsedMs: () => number) {
    this.#plan = plan;
    this.#whole = plan;
    this.#random = random;
    this.#elapsedMs = elapsedMs;
  }

  /** From now on nothing goes wrong. */
  stop(): void {
    this.#plan = calm;
  }

  /** Things go wrong again as planned; the bursts are over. */
  resume(): void {
    this.#plan = { rates: this.#whole.rates, bursts: [] };
  }

  /** What becomes of the next message on a route. */
  fate(route: Route): Fate {
    const { rates } = this.#plan;
    const d1 = route === 'd1';
    const bad = this.#isIn(d1 ? 'd1_down' : 'rpc_down') ? 0.9 : 0;
    const slow = d1 && this.#isIn('d1_slow') ? 0.8 : 0;
    const unheard = route === 'peer' && this.#isIn('peers_unheard') ? 0.6 : 0;
    const roll = this.#random.next();
    const steps: [Fate, number][] = [
      ['lost', Math.max(bad, d1 ? rates.d1Lost : rates.rpcLost)],
      ['answer_lost', Math.max(unheard, d1 ? rates.d1AnswerLost : rates.rpcAnswerLost)],
      ['slow', Math.max(slow, d1 ? rates.d1Slow : rates.rpcSlow)],
    ];
    let below = 0;
    for (const [fate, probability] of steps) {
      below += probability;
      if (roll < below) return this.#counted(`${route}_${fate}`, fate);
    }
    return 'well';
  }

  /** How long a message takes one way, ms. */
  latencyMs(fate: Fate): number {
    if (fate !== 'slow') return this.#random.between(1, 40);
    // At times just as its sender gives it up: then it meets what the sender does next.
    if (this.#random.chance(0.3)) return effectTimeoutMs + this.#random.between(-20, 60);
    return this.#random.between(4_000, 30_000);
  }

  /** How long an object gathers what arrives together, ms. */
  turnMs(): number {
    return this.#random.between(0, this.strikes('longTurn') ? 60 : 2);
  }

  /** Whether a fault of a kind happens now. */
  strikes(kind: Stroke): boolean {
    const burst = kind === 'crash' && this.#isIn('crashes') ? 0.25 : 0;
    return this.#random.chance(Math.max(burst, this.#plan.rates[kind])) && this.#counted(kind, true);
  }

  /** A number for the details of a fault, both ends included. */
  between(from: number, to: number): number {
    return this.#random.between(from, to);
  }

  #isIn(what: Burst['what']): boolean {
    const at = this.#elapsedMs();
    return this.#plan.bursts.some((burst) => burst.what === what && at >= burst.fromMs && at < burst.toMs);
  }

  #counted<T>(kind: string, value: T): T {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    return value;
  }
}
