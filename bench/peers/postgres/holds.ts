import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import {
  type Hold,
  holdMinutes,
  inTransaction,
  live,
  refusalSql,
  replay,
  retried,
  shown,
  unavailable,
  type Variant,
} from './booking.ts';

/** The slot, locked until the end of the transaction, with the answer that the key already has. */
const lockSlot = {
  name: 'lock slot',
  text: `select s.id, k.fingerprint, k.status, k.answer
    from slots s left join idempotency_keys k on k.principal = $2 and k.key = $3
    where s.id = $1 for update of s`,
};

/** Appointment, audit and kept answer, or a refusal with its kept answer: one round trip. */
const take = {
  name: 'take seat',
  text: `
    with s as (select * from slots where id = $1),
    others as (
      select count(*) as taken, coalesce(bool_or(patient_id = $2), false) as own
      from appointments where slot_id = $1 and status in ('pending', 'confirmed') and ${live}),
    a as (
      insert into appointments (id, slot_id, patient_id, status, expires_at, created_at, updated_at, version)
      select $5, s.id, $2, 'pending', n.now + interval '${holdMinutes} minutes', n.now, n.now, 1
      from s, others, (select clock_timestamp() as now) n where others.taken < s.capacity and not others.own
      returning *),
    told as (
      select 201 as status, ${shown} as answer from a, s
      union all
      select 409, case when others.own then ${refusalSql('already_booked')} else ${refusalSql('slot_full')} end
      from others where not exists (select 1 from a)),
    audit as (
      insert into audit_events (at, actor_id, action, subject_id, data)
      select created_at, $2, 'held', id, jsonb_build_object('status', status, 'version', version) from a),
    kept as (
      insert into idempotency_keys (principal, key, fingerprint, status, answer, created_at)
      select $2, $3, $4, status, answer, clock_timestamp() from told)
    select $4::text as fingerprint, status, answer from told`,
};

const noSlot = { status: 422, body: { status: 422, code: 'slot_not_found' } };

/** Lock the slot's row, look, take: the usual design. */
const locking =
  (begin: string): Hold =>
  (pool, request) =>
    inTransaction(pool, begin, async (client) => {
      const { slotId, patientId, key, fingerprint } = request;
      const { rows } = await client.query({ ...lockSlot, values: [slotId, patientId, key] });
      if (rows[0] === undefined) return noSlot;
      if (rows[0].fingerprint !== null) return replay(rows[0], request);
      const taken = await client.query({ ...take, values: [slotId, patientId, key, fingerprint, randomUUID()] });
      return replay(taken.rows[0], request);
    });

/**
 * No lock and no transaction of several steps: a partial unique index decides. It can hold one seat a slot apart and
 * no more: it cannot express a capacity.
 */
const insertOnly = {
  name: 'insert only',
  text: `
    with known as (select fingerprint, status, answer from idempotency_keys where principal = $2 and key = $3),
    s as (select * from slots where id = $1 and not exists (select 1 from known)),
    a as (
      insert into appointments (id, slot_id, patient_id, status, expires_at, created_at, updated_at, version)
      select $5, s.id, $2, 'pending', n.now + interval '${holdMinutes} minutes', n.now, n.now, 1
      from s, (select clock_timestamp() as now) n
      on conflict (slot_id) where status in ('pending', 'confirmed') do nothing
      returning *),
    told as (
      select 201 as status, ${shown} as answer from a, s
      union all
      select 409, ${refusalSql('slot_full')} from s where not exists (select 1 from a)),
    audit as (
      insert into audit_events (at, actor_id, action, subject_id, data)
      select created_at, $2, 'held', id, jsonb_build_object('status', status, 'version', version) from a),
    kept as (
      insert into idempotency_keys (principal, key, fingerprint, status, answer, created_at)
      select $2, $3, $4, status, answer, clock_timestamp() from told where status = 201 or not $6)
    select $4::text as fingerprint, status, answer from told
    union all select fingerprint, status, answer from known`,
};

/** Frees the seat of a hold that has run out. */
const expire = {
  name: 'expire',
  text: `
    with a as (
      update appointments set status = 'expired', expires_at = null, updated_at = clock_timestamp(), version = version + 1
      where slot_id = $1 and status = 'pending' and expires_at <= clock_timestamp() returning *)
    insert into audit_events (at, actor_id, action, subject_id, data)
    select updated_at, 'system', 'expired', id, jsonb_build_object('status', status, 'version', version) from a`,
};

const unique: Hold = (pool: Pool, request) =>
  retried(async () => {
    const { slotId, patientId, key, fingerprint } = request;
    const attempt = async (mayBeStale: boolean) => {
      const values = [slotId, patientId, key, fingerprint, randomUUID(), mayBeStale];
      return (await pool.query({ ...insertOnly, values })).rows[0];
    };
    let row = await attempt(true);
    if (row?.status === 409) {
      // Somebody is in the way: unless the hold has run out, that is the answer.
      await pool.query({ ...expire, values: [slotId] });
      row = await attempt(false);
    }
    return row === undefined ? noSlot : replay(row, request);
  }, unavailable);

/** How each variant takes a seat. */
export const holds: Readonly<Record<Variant, Hold>> = {
  serializable: locking('begin isolation level serializable'),
  for_update: locking('begin isolation level read committed'),
  unique_index: unique,
};
