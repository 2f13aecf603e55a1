import { noHash } from '../src/domain/audit-chain.ts';
import type { Appointment } from '../src/domain/doctor-day/appointment.ts';
import type { DayEvent } from '../src/domain/doctor-day/event.ts';
import { subjectOf } from '../src/domain/doctor-day/event.ts';
import { apply, type Change, changesOf, type DayState, emptyDay } from '../src/domain/doctor-day/state.ts';
import type { DayKey } from '../src/domain/ids.ts';
import { migrations } from './migrations.ts';
import type { AuditRow, DayStorage, StoredAnswer } from './ports.ts';

/**
 * The SQLite of one doctor-day: the records that make its state, the log of its events (whose unprojected tail is the
 * outbox), and the answers given. Methods that write run inside the caller's transaction.
 */
export class Ledger {
  readonly #storage: DayStorage;
  readonly #day: DayKey;

  constructor(storage: DayStorage, day: DayKey) {
    this.#storage = storage;
    this.#day = day;
  }

  /** Whether the day has stored anything. Reading must not create storage. */
  exists(): boolean {
    return this.#rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'").length > 0;
  }

  /** Creates or upgrades the schema. */
  migrate(): void {
    this.#run('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID');
    const done = this.#meta('schema_version');
    if (done === migrations.length) return;
    for (const migration of migrations.slice(done)) this.#run(migration);
    this.#setMeta('schema_version', migrations.length);
  }

  /** Reads the whole state back. */
  load(): DayState {
    const state = emptyDay(this.#day);
    for (const { kind, id, value } of this.#rows('SELECT kind, id, value FROM records')) {
      apply(state, { kind, id, value: JSON.parse(value as string) } as Change);
    }
    return state;
  }

  /** The number of the last event; 0 before the first. */
  lastSeq(): number {
    return (this.#rows('SELECT max(seq) AS seq FROM events')[0]?.seq as number | null) ?? 0;
  }

  /** Writes an event to the log, and its changes to the records and to the state in memory. */
  append(state: DayState, seq: number, event: DayEvent, nowMs: number): void {
    this.#run(
      'INSERT INTO events (seq, at_ms, actor_id, actor_role, action, subject_id, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
      seq,
      nowMs,
      event.actor?.id ?? null,
      event.actor?.role ?? 'system',
      event.type,
      subjectOf(event),
      JSON.stringify(auditData(event, state.plan?.timeZone)),
    );
    for (const change of changesOf(event)) {
      apply(state, change);
      if (change.value === null) this.#run('DELETE FROM records WHERE kind = ? AND id = ?', change.kind, change.id);
      else {
        this.#run(
          'INSERT INTO records (kind, id, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
          change.kind,
          change.id,
          JSON.stringify(change.value),
        );
      }
    }
  }

  /** The events after a sequence number, oldest first. */
  eventsAfter(seq: number, limit: number): AuditRow[] {
    return this.#rows(
      `SELECT seq, at_ms AS atMs, actor_id AS actorId, actor_role AS actorRole, action, subject_id AS subjectId, data
       FROM events WHERE seq > ? ORDER BY seq LIMIT ?`,
      seq,
      limit,
    ) as unknown as AuditRow[];
  }

  /** The appointments that the events after a sequence number are about. */
  subjectsAfter(seq: number): string[] {
    return this.#rows('SELECT DISTINCT subject_id AS id FROM events WHERE seq > ? AND subject_id IS NOT NULL', seq).map(
      ({ id }) => id as string,
    );
  }

  /** The last event that D1 has taken. */
  projectedSeq(): number {
    return this.#meta('projected_seq');
  }

  /** Notes the last event that D1 has taken, and its hash: everything up to it has left the outbox. */
  setProjectedSeq(seq: number, hash = noHash): void {
    this.#setMeta('projected_seq', seq);
    this.#run('DELETE FROM chain_head');
    this.#run('INSERT INTO chain_head (seq, hash) VALUES (?, ?)', seq, hash);
  }

  /** The hash of the last event that D1 has taken; `null` when it is not known, as for events older than the chain. */
  projectedHash(): string | null {
    const seq = this.projectedSeq();
    if (seq === 0) return noHash;
    return (this.#rows('SELECT hash FROM chain_head WHERE seq = ?', seq)[0]?.hash as string | undefined) ?? null;
  }

  /** The answer stored for a principal's key. */
  answer(principal: string, key: string): StoredAnswer | null {
    return this.#answers('WHERE principal = ? AND key = ?', principal, key)[0] ?? null;
  }

  /** The answers given about an appointment. */
  answersAbout(subjectId: string): StoredAnswer[] {
    return this.#answers('WHERE subject_id = ?', subjectId);
  }

  /** Stores an answer; one that stands already with its answer is never changed. */
  putAnswer(answer: StoredAnswer): void {
    this.#run(
      `INSERT INTO answers (principal, key, fingerprint, subject_id, answer) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET answer = excluded.answer, subject_id = excluded.subject_id WHERE answers.answer IS NULL AND answers.fingerprint = excluded.fingerprint`,
      answer.principal,
      answer.key,
      answer.fingerprint,
      answer.subjectId,
      answer.answer,
    );
  }

  /** Forgets that a key was ever used. */
  dropAnswer(principal: string, key: string): void {
    this.#run('DELETE FROM answers WHERE principal = ? AND key = ?', principal, key);
  }

  #answers(where: string, ...bindings: string[]): StoredAnswer[] {
    return this.#rows(
      `SELECT principal, key, fingerprint, subject_id AS subjectId, answer FROM answers ${where}`,
      ...bindings,
    ) as unknown as StoredAnswer[];
  }

  #meta(key: string): number {
    return (this.#rows('SELECT value FROM meta WHERE key = ?', key)[0]?.value as number | undefined) ?? 0;
  }

  #setMeta(key: string, value: number): void {
    this.#run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
      key,
      value,
    );
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Record<string, unknown>[] {
    return this.#storage.sql.exec(query, ...bindings).toArray();
  }

  #run(query: string, ...bindings: (string | number | null)[]): void {
    this.#storage.sql.exec(query, ...bindings);
  }
}

/**
 * What the audit keeps of an event: facts and places, never a person's words.
 *
 * @param timeZone the day's, when it has a plan
 */
const auditData = (event: DayEvent, timeZone: string | undefined): Record<string, unknown> => {
  switch (event.type) {
    case 'opened':
    case 'schedule_applied':
      return { scheduleVersion: event.plan.scheduleVersion };
    case 'waitlist_applied':
      return { waitlistVersion: event.waiting.version, waiting: event.waiting.entries.length };
    case 'frozen':
      return { untilMs: event.untilMs };
    case 'thawed':
      return {};
    case 'move_started':
      return { moveId: event.departure.moveId, to: event.departure.to };
    case 'moved_out':
      return { moveId: event.departure.moveId, to: event.forward.to, version: event.forward.version };
    case 'move_settled':
    case 'seat_released':
      return { moveId: event.moveId };
    case 'seat_reserved':
      return { moveId: event.arrival.moveId, from: event.arrival.from };
    case 'reservation_released':
      return { reservationId: event.reservationId };
    case 'forwarded':
      return { to: event.forward.to, version: event.forward.version };
    default: {
      const { status, startsAtMs, seat, version, outsideSchedule, patientId } = event.appointment;
      // Who is told of it later is told where it was then, wherever it is by that time.
      const { endsAtMs, clinicId, mode } = event.appointment;
      // Who did it is the actor; for whom it was is said once, when the seat was taken.
      const patient = event.type === 'held' || event.type === 'offered' ? { patientId } : {};
      const moveId = 'moveId' in event ? { moveId: event.moveId } : {};
      const place = { endsAtMs, timeZone, clinicId, mode };
      const urgent = event.appointment.priority === 'emergency' ? { priority: 'emergency' } : {};
      const rooms = event.appointment.reservation?.resources.map(({ id, kind }) => ({ id, kind }));
      const paid = event.type === 'paid' ? { payment: event.appointment.payment } : {};
      const line = event.type === 'offered' ? offerData(event) : bookedOffer(event.appointment);
      return {
        status,
        startsAtMs,
        seat,
        version,
        outsideSchedule,
        ...place,
        ...patient,
        ...moveId,
        ...urgent,
        ...paid,
        ...(rooms === undefined ? {} : { resources: rooms }),
        ...line,
      };
    }
  }
};

/** Of those who were skipped, as many are named. */
const maxNamed = 20;

/** Why an offer went where it went: to whom, after whom, past whom. */
const offerData = ({ appointment, freed, skipped }: DayEvent & { readonly type: 'offered' }) => ({
  waitlistEntryId: appointment.offer?.entryId,
  expiresAtMs: appointment.expiresAtMs,
  freed,
  skipped: skipped.length,
  skippedFirst: skipped.slice(0, maxNamed),
});

/** What D1 goes by to take an entry out of the line. */
const bookedOffer = ({ offer, status }: Appointment) =>
  offer && status === 'confirmed' ? { waitlistEntryId: offer.entryId } : {};
