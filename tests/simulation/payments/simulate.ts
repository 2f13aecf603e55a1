import { SqliteD1 } from '../../support/sim/sqlite-d1.ts';
import { Random } from '../random.ts';
import { brokenPromise } from './check.ts';
import { PaymentWorld } from './world.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** What one sequence came to. */
export interface PaymentOutcome {
  readonly failure: string | null;
  readonly steps: number;
  readonly payments: number;
  readonly refunds: number;
  readonly forged: number;
  readonly faults: number;
}

let shared: { d1: SqliteD1; used: number } | undefined;
/** Making the tables takes longer than a sequence: so many share them, each with ids of its own. */
const perDatabase = 200;

const databaseFor = (fresh: boolean): SqliteD1 => {
  if (fresh || shared === undefined || shared.used >= perDatabase) shared = { d1: new SqliteD1(), used: 0 };
  shared.used += 1;
  return shared.d1;
};

const weights = {
  ...{ hold: 2, order: 8, pay: 8, fail: 1, receive: 14, repeat: 5, forge: 2, wait: 7, confirm: 2, cancel: 3 },
  ...{
    accept: 2,
    reject: 1,
    finish: 3,
    sweep: 6,
    reconcile: 2,
    project: 5,
    byHand: 1,
    atGateway: 1,
    works: 3,
    check: 1,
    policy: 2,
  },
};

/** One act of somebody, or of chance. */
const act = async (world: PaymentWorld, orders: string[]): Promise<string> => {
  const { random, gateway } = world;
  const what = random.weighted(weights);
  const id = world.appointmentIds.length === 0 ? null : random.pick(world.appointmentIds);
  const order = orders.length === 0 ? null : random.pick(orders);
  const letter = random.int(Math.max(1, gateway.post.length));
  const who = random.pick(['patient', 'patient', 'doctor', 'admin'] as const);
  switch (what) {
    case 'hold':
      if (world.appointmentIds.length < 3) world.holds();
      break;
    case 'order': {
      const made = id === null ? null : await world.orders(id);
      if (made !== null && !orders.includes(made)) orders.push(made);
      break;
    }
    case 'pay':
      if (order !== null) gateway.pays(order, random.chance(0.93) ? 150_001 : random.between(1, 300_000));
      break;
    case 'fail':
      if (order !== null) gateway.fails(order);
      break;
    case 'forge':
      gateway.isForged(order ?? 'order_unknown', 150_001);
      if (await world.receives(gateway.post.length - 1)) return 'forged and let in';
      break;
    case 'receive':
    case 'repeat':
      await world.receives(what === 'repeat' ? letter : gateway.post.length - 1);
      break;
    case 'wait':
      world.waits(random.pick([1_000, minuteMs, 4 * minuteMs, 6 * minuteMs, 12 * minuteMs, dayMs / 12, dayMs / 2]));
      break;
    case 'confirm':
      if (id !== null) world.asks('confirm', id, who);
      break;
    case 'accept':
      if (id !== null) world.asks('accept', id, 'doctor');
      break;
    case 'finish':
      if (id !== null) world.asks(random.pick(['complete', 'mark_no_show'] as const), id, 'doctor');
      break;
    case 'cancel':
    case 'reject':
      if (id !== null) world.ends(what, id, what === 'reject' ? 'doctor' : who);
      break;
    case 'policy':
      await world.setsPolicy();
      break;
    case 'byHand':
      await world.refundsByHand(random.between(1, 160_000));
      break;
    case 'atGateway': {
      const paid = [...gateway.payments.keys()];
      if (paid.length > 0) gateway.refundsByHand(random.pick(paid), random.between(1, 150_001));
      break;
    }
    case 'works':
      gateway.works(true);
      break;
    case 'project':
      world.projects();
      break;
    default:
      await world.runs(what);
  }
  return what;
};

/** Plays one sequence, and says which promise it broke, if any. The same seed plays the same sequence. */
export const simulatePayments = async (
  seed: number,
  fresh = false,
  tell?: (text: string) => void,
): Promise<PaymentOutcome> => {
  const random = new Random(seed);
  const d1 = databaseFor(fresh);
  const world = new PaymentWorld(d1, random, `s${seed}`, random.chance(0.3));
  const weather = random.pick([0, 0, 0.02, 0.06]);
  world.crashes = weather;
  world.gateway.trouble = random.pick([0, 0.1, 0.4]);
  world.holds();
  const orders: string[] = [];
  if (random.chance(0.8)) {
    const made = await world.orders(world.appointmentIds[0] ?? '');
    if (made !== null) orders.push(made);
    if (made !== null && random.chance(0.8)) world.gateway.pays(made, 150_001);
  }
  const steps = random.between(8, 40);
  let failure: string | null = null;
  for (let step = 0; step < steps && failure === null; step += 1) {
    const what = await act(world, orders);
    tell?.(`${new Date(world.nowMs).toISOString()} ${what}`);
    if (what === 'forged and let in') failure = 'PY4: a forged event was let in';
    if (step % 4 === 3) failure ??= brokenPromise(world, false);
  }
  if (random.chance(0.5)) world.visits();
  if (failure === null) {
    await world.heals();
    failure = brokenPromise(world, true);
  }
  d1.intercept = null;
  return {
    failure,
    steps,
    payments: world.gateway.payments.size,
    refunds: world.gateway.refunds.size,
    forged: world.gateway.post.filter(({ forged }) => forged).length,
    faults: [...world.faults.values()].reduce((sum, times) => sum + times, 0),
  };
};
