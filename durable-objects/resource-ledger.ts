import type { DayKey } from '../src/domain/ids.ts';
import type { Interval } from '../src/domain/interval.ts';
import type { LocalDate } from '../src/domain/local-date.ts';
import type { ClinicResource } from '../src/domain/resources.ts';
import type { DayStorage } from './ports.ts';
import type { ReserveRequest } from './resource-ports.ts';

/** No slot is longer than this, ms: what began earlier is over. */
const longestMs = 86_400_000;

/** The clinic's rooms and devices, as D1 told of them last. */
export interface KnownResources {
  readonly resources: readonly ClinicResource[];
  readonly readAtMs: number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS reservations (
    id TEXT PRIMARY KEY, doctor_id TEXT NOT NULL, date TEXT NOT NULL, starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL, ask_at_ms INTEGER, resources TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS reservations_to_ask ON reservations (ask_at_ms) WHERE ask_at_ms IS NOT NULL;
  CREATE INDEX IF NOT EXISTS reservations_by_end ON reservations (ends_at_ms);
  CREATE TABLE IF NOT EXISTS held (
    resource_id TEXT NOT NULL, starts_at_ms INTEGER NOT NULL, ends_at_ms INTEGER NOT NULL, reservation_id TEXT NOT NULL,
    PRIMARY KEY (resource_id, starts_at_ms)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS known (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`;

/** The SQLite of one clinic's rooms: who has which of them when. Methods that write run inside the caller's transaction. */
export class ResourceLedger {
  readonly #storage: DayStorage;

  constructor(storage: DayStorage) {
    this.#storage = storage;
  }

  /** Whether anything is stored. Reading must not create storage. */
  exists(): boolean {
    return this.#rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'known'").length > 0;
  }

  known(): KnownResources | null {
    const [row] = this.#rows("SELECT value FROM known WHERE key = 'resources'");
    return row === undefined ? null : (JSON.parse(row.value as string) as KnownResources);
  }

  setKnown(known: KnownResources): void {
    this.#run(
      `INSERT INTO known (key, value) VALUES ('resources', ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
      JSON.stringify(known),
    );
  }

  /** What a reservation keeps; `null` when there is no such reservation. */
  reserved(id: string): readonly ClinicResource[] | null {
    if (!this.exists()) return null;
    const [row] = this.#rows('SELECT resources FROM reservations WHERE id = ?', id);
    return row === undefined ? null : (JSON.parse(row.resources as string) as ClinicResource[]);
  }

  /** Which of some resources are taken at some time of an interval. */
  taken(ids: readonly string[], { startsAtMs, endsAtMs }: Interval): Set<string> {
    if (!this.exists()) return new Set();
    const rows = this.#rows(
      `SELECT DISTINCT resource_id AS id FROM held
       WHERE resource_id IN (SELECT value FROM json_each(?)) AND starts_at_ms > ? AND starts_at_ms < ? AND ends_at_ms > ?`,
      JSON.stringify(ids),
      startsAtMs - longestMs,
      endsAtMs,
      startsAtMs,
    );
    return new Set(rows.map(({ id }) => id as string));
  }

  /** Writes a reservation that is to be asked about at an instant. The first creates the schema. */
  put({ reservationId, by, ...time }: ReserveRequest, resources: readonly ClinicResource[], askAtMs: number): void {
    const { startsAtMs, endsAtMs } = time;
    if (!this.exists()) this.#run(schema);
    this.#run(
      `INSERT INTO reservations (id, doctor_id, date, starts_at_ms, ends_at_ms, ask_at_ms, resources)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      reservationId,
      by.doctorId,
      by.date,
      startsAtMs,
      endsAtMs,
      askAtMs,
      JSON.stringify(resources),
    );
    for (const { id } of resources) {
      this.#run(
        'INSERT INTO held (resource_id, starts_at_ms, ends_at_ms, reservation_id) VALUES (?, ?, ?, ?)',
        id,
        startsAtMs,
        endsAtMs,
        reservationId,
      );
    }
  }

  /** Ends a reservation; of one that is not here, nothing. */
  end(id: string): void {
    const [row] = this.#rows('SELECT starts_at_ms AS startsAtMs, resources FROM reservations WHERE id = ?', id);
    if (row === undefined) return;
    for (const resource of JSON.parse(row.resources as string) as ClinicResource[]) {
      this.#run(
        'DELETE FROM held WHERE resource_id = ? AND starts_at_ms = ? AND reservation_id = ?',
        resource.id,
        row.startsAtMs as number,
        id,
      );
    }
    this.#run('DELETE FROM reservations WHERE id = ?', id);
  }

  /** Forgets what is over. */
  endPast(nowMs: number): void {
    for (const { id } of this.#rows('SELECT id FROM reservations WHERE ends_at_ms <= ?', nowMs)) this.end(id as string);
  }

  /** The reservations whose days are to be asked, the longest due first. */
  toAsk(nowMs: number, limit: number): { readonly id: string; readonly by: DayKey }[] {
    return this.#rows(
      `SELECT id, doctor_id AS doctorId, date FROM reservations WHERE ask_at_ms <= ? ORDER BY ask_at_ms, id LIMIT ?`,
      nowMs,
      limit,
    ).map(({ id, doctorId, date }) => ({
      id: id as string,
      by: { doctorId: doctorId as string, date: date as LocalDate },
    }));
  }

  /** When a reservation's day is asked next; `null`: never again, for it holds it. */
  setAskAt(id: string, askAtMs: number | null): void {
    this.#run('UPDATE reservations SET ask_at_ms = ? WHERE id = ?', askAtMs, id);
  }

  /** When the first day is to be asked, and when the first reservation is over, ms; `null` when there is none. */
  next(): { readonly askAtMs: number | null; readonly endsAtMs: number | null } {
    const [row] = this.#rows(
      `SELECT (SELECT min(ask_at_ms) FROM reservations WHERE ask_at_ms IS NOT NULL) AS askAtMs,
         (SELECT min(ends_at_ms) FROM reservations) AS endsAtMs`,
    );
    return row as { askAtMs: number | null; endsAtMs: number | null };
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Record<string, unknown>[] {
    return this.#storage.sql.exec(query, ...bindings).toArray();
  }

  #run(query: string, ...bindings: (string | number | null)[]): void {
    this.#storage.sql.exec(query, ...bindings);
  }
}
