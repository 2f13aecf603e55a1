import type { Records } from '../../src/domain/doctor-day/state.ts';
import type { MemoryStorage } from '../support/sim/memory-storage.ts';

/** An event as a doctor-day's log holds it. */
export interface StoredEvent {
  readonly seq: number;
  readonly atMs: number;
  readonly actorId: string | null;
  readonly action: string;
  readonly subjectId: string | null;
  readonly data: EventData;
}

/** What an event's data may hold. */
export interface EventData {
  readonly status?: string;
  readonly startsAtMs?: number;
  readonly seat?: number;
  readonly version?: number;
  readonly moveId?: string;
  readonly payment?: { readonly id: string; readonly amountMinor: number; readonly currency: string };
  readonly scheduleVersion?: number;
  readonly resources?: readonly { readonly kind: string }[];
  readonly endsAtMs?: number;
  readonly expiresAtMs?: number | null;
  readonly waitlistVersion?: number;
  /** Of an offer: to which entry it went, and whose seat it was; nobody's when an edit has added it. */
  readonly waitlistEntryId?: string;
  readonly freed?: { readonly appointmentId: string; readonly version: number } | null;
}

/** What a doctor-day's storage holds, by kind. */
export interface Stored {
  readonly plan: Records['plan'] | null;
  readonly appointments: ReadonlyMap<string, Records['appointment']>;
  readonly arrivals: ReadonlyMap<string, Records['arrival']>;
  readonly departures: ReadonlyMap<string, Records['departure']>;
  readonly forwards: ReadonlyMap<string, Records['forward']>;
}

/** The statuses that take a seat. */
export const occupying = new Set(['pending', 'awaiting_approval', 'confirmed', 'completed', 'no_show']);

/** Whether a day has stored anything. */
export const hasStored = (storage: MemoryStorage): boolean =>
  storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'meta'").toArray().length > 0;

/** Reads the records of a day, straight from its storage. */
export const storedIn = (storage: MemoryStorage): Stored => {
  const byKind: Record<string, Map<string, unknown>> = {};
  const rows = hasStored(storage)
    ? storage.sql.exec('SELECT kind, id, value FROM records ORDER BY kind, id').toArray()
    : [];
  for (const { kind, id, value } of rows) {
    const kept = byKind[kind as string] ?? new Map<string, unknown>();
    byKind[kind as string] = kept.set(id as string, JSON.parse(value as string));
  }
  const of = <K extends keyof Records>(kind: K) => (byKind[kind] ?? new Map()) as Map<string, Records[K]>;
  return {
    plan: of('plan').get('day') ?? null,
    appointments: of('appointment'),
    arrivals: of('arrival'),
    departures: of('departure'),
    forwards: of('forward'),
  };
};

/** Reads the events after a number, in order. */
export const eventsIn = (storage: MemoryStorage, afterSeq: number): StoredEvent[] =>
  storage.sql
    .exec(
      `SELECT seq, at_ms AS atMs, actor_id AS actorId, action, subject_id AS subjectId, data FROM events
       WHERE seq > ? ORDER BY seq`,
      afterSeq,
    )
    .toArray()
    .map((row) => ({ ...row, data: JSON.parse(row.data as string) }) as StoredEvent);

/** The last event that D1 has taken, as the day believes. */
export const projectedSeqIn = (storage: MemoryStorage): number =>
  (storage.sql.exec("SELECT value FROM meta WHERE key = 'projected_seq'").toArray()[0]?.value as number | undefined) ??
  0;
