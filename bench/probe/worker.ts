// Daybook with counters: the same code, with its storage and its D1 watched. Never deployed; the probe asks it what a
// booking costs in the units that Cloudflare bills.
import { doctorDays } from '../../src/doctor-days/client.ts';
import { principalOf } from '../../src/domain/access.ts';
import { accountId, appointmentId } from '../../src/domain/ids.ts';
import type { LocalDate } from '../../src/domain/local-date.ts';
import worker, { DoctorDay as PlainDoctorDay } from '../../src/worker.ts';

/** What was used since it was last asked. Objects and the Worker share one isolate here. */
const used = {
  requests: 0,
  objectRowsRead: 0,
  objectRowsWritten: 0,
  objectCommits: 0,
  alarmsSet: 0,
  alarmsRun: 0,
  d1Batches: 0,
  d1RowsRead: 0,
  d1RowsWritten: 0,
};

/** A view of an object in which some methods are others. */
const withMethods = <T extends object>(target: T, methods: Record<string, unknown>): T =>
  new Proxy(target, {
    get: (_, name) => {
      if (typeof name === 'string' && name in methods) return methods[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

const watchedStorage = (storage: DurableObjectStorage): DurableObjectStorage =>
  withMethods(storage, {
    sql: withMethods(storage.sql, {
      exec: (query: string, ...bindings: unknown[]) => {
        const cursor = storage.sql.exec(query, ...bindings);
        const rows = cursor.toArray();
        used.objectRowsRead += cursor.rowsRead;
        used.objectRowsWritten += cursor.rowsWritten;
        return { toArray: () => rows };
      },
    }),
    transactionSync: <T>(work: () => T): T => {
      used.objectCommits += 1;
      return storage.transactionSync(work);
    },
    setAlarm: (atMs: number) => {
      used.alarmsSet += 1;
      return storage.setAlarm(atMs);
    },
  });

const countMeta = ({ meta }: D1Result): void => {
  used.d1RowsRead += meta.rows_read;
  used.d1RowsWritten += meta.rows_written;
};

const watchedD1 = (db: D1Database): D1Database =>
  withMethods(db, {
    batch: async (statements: D1PreparedStatement[]) => {
      used.d1Batches += 1;
      const results = await db.batch(statements);
      results.forEach(countMeta);
      return results;
    },
  });

let watched: { env: Env; copy: Env } | undefined;
const watchedEnv = (env: Env): Env => {
  if (watched?.env !== env) watched = { env, copy: { ...env, DB: watchedD1(env.DB) } };
  return watched.copy;
};

// Every other object is as it is deployed.
export { AlertRelay, ClinicResources, LoginThrottle, Meter, RateCounter, SessionGuard } from '../../src/worker.ts';

export class DoctorDay extends PlainDoctorDay {
  constructor(ctx: DurableObjectState, env: Env) {
    // The runtime takes only a state of its own making, so this one gets the watched storage in front of its own.
    Object.defineProperty(ctx, 'storage', { value: watchedStorage(ctx.storage) });
    super(ctx, watchedEnv(env));
  }

  override async alarm(): Promise<void> {
    used.alarmsRun += 1;
    await super.alarm();
  }
}

/** Holds of different patients, all at once, that reach the object without HTTP, tokens, schemas and JSON. */
const burst = async (env: Env, doctorId: string, date: LocalDate, count: number): Promise<number> => {
  const day = { doctorId, date };
  const slots = await doctorDays(env).slots(day, Date.now());
  if (!slots.ok) throw new Error(slots.refusal.code);
  const starts = slots.value.slots.map(({ startsAtMs }) => startsAtMs);
  const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));
  const results = await Promise.all(
    Array.from({ length: count }, (_, i) => {
      const principal = principalOf({ id: accountId(random(12)), role: 'patient' });
      const startsAtMs = starts[i % starts.length] as number;
      const words = { reason: null, symptoms: null };
      const id = appointmentId(day, random(16));
      const patientId = principal.id;
      const held = { type: 'hold', principal, patientId, appointmentId: id, startsAtMs } as const;
      const key = { key: `${i}`, fingerprint: 'burst' };
      return doctorDays(env).hold(day, { ...held, mode: null, words }, key, Date.now());
    }),
  );
  return results.filter(({ ok }) => ok).length;
};

export default {
  ...worker,
  fetch: async (request, env, ctx) => {
    const [, what, doctorId = '', date = '', count] = new URL(request.url).pathname.split('/');
    if (what === 'burst') return Response.json({ held: await burst(env, doctorId, date as LocalDate, Number(count)) });
    if (new URL(request.url).pathname === '/used') {
      const answer = Response.json(used);
      for (const name of Object.keys(used) as (keyof typeof used)[]) used[name] = 0;
      return answer;
    }
    used.requests += 1;
    return worker.fetch(request as never, watchedEnv(env), ctx);
  },
} satisfies ExportedHandler<Env, never>;
