import type { Pool, PoolClient } from 'pg';

/** An answer: an HTTP status and a body, the same ones for a repeated request. */
export interface Told {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A request that may be repeated under its key. */
export interface Keyed {
  readonly patientId: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** How a variant takes a seat. */
export type Hold = (pool: Pool, request: Keyed & { readonly slotId: string }) => Promise<Told>;

/** The three ways to book on PostgreSQL. */
export type Variant = 'serializable' | 'for_update' | 'unique_index';

export const holdMinutes = 5;

const problem = (status: number, code: string): Told => ({ status, body: { status, code, title: code } });

/** The answer of who has tried too often. */
export const unavailable = problem(503, 'temporarily_unavailable');

/** What a stored answer means for a request with the same key. */
export const replay = (row: { fingerprint: string; status: number; answer: Told['body'] }, request: Keyed): Told =>
  row.fingerprint === request.fingerprint
    ? { status: row.status, body: row.answer }
    : problem(422, 'idempotency_key_reused');

/** The live appointments of a slot, in SQL: a hold that has run out is none. */
export const live = `(status = 'confirmed' or (status = 'pending' and expires_at > clock_timestamp()))`;

/** An appointment as JSON, in SQL, from a row `a` and its slot `s`. */
export const shown = `jsonb_build_object('id', a.id, 'status', a.status, 'slotId', a.slot_id, 'doctorId', s.doctor_id,
  'patientId', a.patient_id, 'startsAt', s.starts_at, 'endsAt', s.ends_at, 'expiresAt', a.expires_at,
  'createdAt', a.created_at, 'updatedAt', a.updated_at, 'version', a.version)`;

/** A refusal as JSON, in SQL. */
export const refusalSql = (code: string): string =>
  `jsonb_build_object('status', 409, 'code', '${code}', 'title', '${code}')`;

const changes = {
  confirm: { to: 'confirmed', from: `status = 'pending' and expires_at > clock_timestamp()`, expires: 'null' },
  cancel: { to: 'cancelled', from: live, expires: 'null' },
} as const;

/** Confirms or cancels: one statement that changes the row, writes the audit and keeps the answer, or does nothing. */
export const change = async (pool: Pool, kind: 'confirm' | 'cancel', id: string, request: Keyed): Promise<Told> => {
  const { to, from, expires } = changes[kind];
  const text = `
    with known as (select fingerprint, status, answer from idempotency_keys where principal = $1 and key = $2),
    a as (
      update appointments
      set status = '${to}', expires_at = ${expires}, updated_at = clock_timestamp(), version = version + 1
      where id = $4 and patient_id = $1 and ${from} and not exists (select 1 from known)
      returning *),
    told as (select 200 as status, ${shown} as answer from a join slots s on s.id = a.slot_id),
    audit as (
      insert into audit_events (at, actor_id, action, subject_id, data)
      select a.updated_at, $1, '${to}', a.id, jsonb_build_object('status', a.status, 'version', a.version) from a),
    kept as (
      insert into idempotency_keys (principal, key, fingerprint, status, answer, created_at)
      select $1, $2, $3, status, answer, clock_timestamp() from told)
    select $3::text as fingerprint, status, answer from told
    union all select fingerprint, status, answer from known`;
  const values = [request.patientId, request.key, request.fingerprint, id];
  const { rows } = await pool.query({ name: kind, text, values });
  return rows[0] === undefined ? problem(409, 'invalid_transition') : replay(rows[0], request);
};

/** A day's slots with their free seats. */
export const slotsOf = async (pool: Pool, doctorId: string, date: string): Promise<Record<string, unknown>[]> => {
  const slots = {
    name: 'slots',
    text: `select s.id, s.starts_at as "startsAt", s.ends_at as "endsAt", s.capacity,
        greatest(0, s.capacity - (select count(*) from appointments a where a.slot_id = s.id
          and a.status in ('pending', 'confirmed') and ${live}))::int as remaining
      from slots s where s.doctor_id = $1 and s.date = $2 order by s.starts_at`,
    values: [doctorId, date],
  };
  return retried(async () => (await pool.query(slots)).rows, []);
};

const maxTries = 12;

/** Runs a transaction, again when PostgreSQL says that it could not be put in order with others. */
export const inTransaction = async (
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<Told>,
): Promise<Told> => {
  const client = await pool.connect();
  try {
    for (let tries = 1; ; tries += 1) {
      try {
        await client.query(begin);
        const told = await work(client);
        await client.query('commit');
        return told;
      } catch (error) {
        await client.query('rollback');
        if (!isOrderConflict(error)) throw error;
        if (tries === maxTries) return unavailable;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** Math.min(tries, 6)));
      }
    }
  } finally {
    client.release();
  }
};

/** Runs work that is one statement, again under the same conditions. */
export const retried = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isOrderConflict(error)) throw error;
      if (tries === maxTries) return otherwise;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** Math.min(tries, 6)));
    }
  }
};

/** serialization_failure, deadlock_detected, or the same key twice at once: the other one has committed by now. */
const isOrderConflict = (error: unknown): boolean => {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '40001' || code === '40P01' || (code === '23505' && constraint === 'idempotency_keys_pkey');
};
