import { dayStream, type Seal, sealRows } from '../src/domain/audit-chain.ts';
import type { Appointment } from '../src/domain/doctor-day/appointment.ts';
import type { DayState } from '../src/domain/doctor-day/state.ts';
import { occupiesSeat } from '../src/domain/doctor-day/status.ts';
import { summaryOf, viewOf } from '../src/domain/doctor-day/view.ts';
import type { Ledger } from './ledger.ts';
import type { AppointmentRow, AuditRow, HeldAppointment, OutboxStatus, Ports, ProjectionBatch } from './ports.ts';

const batchEvents = 500;
/** Sealed words are base64, so characters are bytes. D1 takes no string over 2,000,000 bytes. */
const batchBytes = 1_000_000;
const firstRetryMs = 1_000;
const lastRetryMs = 60_000;
/** How long after a commit the alarm looks whether the drain that followed it came through. */
const standbyMs = 5_000;

/** How long a drain waits for what is about to be committed with it. */
const gatherMs = 50;
/** How far apart the drains of a busy day are, so that its bookings share D1's batches. */
const betweenMs = 1_000;

/** A batch without the hashes of its rows. */
type Unsealed = Omit<ProjectionBatch, 'seals'>;

/**
 * The outbox of a doctor-day: the tail of its event log that D1 has not taken yet. It is drained in order soon after a
 * commit, in one go with the commits around it, and again by alarm; a row leaves it only after D1 took it.
 */
export class Outbox {
  readonly #ledger: Ledger;
  readonly #ports: Ports;
  readonly #state: () => DayState;
  #draining: Promise<void> | null = null;
  #soon: Promise<void> | null = null;
  #drainedAtMs = 0;
  #failures = 0;
  #retryAtMs = 0;

  constructor(ledger: Ledger, ports: Ports, state: () => DayState) {
    this.#ledger = ledger;
    this.#ports = ports;
    this.#state = state;
  }

  /** When the outbox next wants attention, ms; `null` when it is empty. */
  dueMs(lastSeq: number): number | null {
    if (this.#ledger.projectedSeq() >= lastSeq) return null;
    return this.#failures > 0 ? this.#retryAtMs : this.#ports.now() + standbyMs;
  }

  /** How much is owed, and since when. */
  status(lastSeq: number): OutboxStatus {
    const owed = lastSeq - this.#ledger.projectedSeq();
    const [oldest] = owed === 0 ? [] : this.#ledger.eventsAfter(this.#ledger.projectedSeq(), 1);
    return { owed, oldestOwedAtMs: oldest?.atMs ?? null };
  }

  /** Every appointment of the day as D1 shall show it, without the patients' words. */
  held(): HeldAppointment[] {
    const state = this.#state();
    return [...state.appointments.keys()].flatMap((id) => {
      const row = rowOf(state, id);
      if (row === null) return [];
      const { reason: _, symptoms: __, statusReason: ___, fee, payment, reservation, ...shown } = row;
      const paid = {
        paymentId: payment?.id ?? null,
        paidMinor: payment?.amountMinor ?? null,
        paidCurrency: payment?.currency ?? null,
        paidAtMs: payment?.atMs ?? null,
      };
      const kept = reservation ? JSON.stringify(reservation) : null;
      return [{ ...shown, reservation: kept, feeMinor: fee.amount, currency: fee.currency, ...paid }];
    });
  }

  /** Whether a failed drain is waiting for its time to try again. */
  isBackingOff(): boolean {
    return this.#failures > 0 && this.#ports.now() < this.#retryAtMs;
  }

  /** Drains in a moment what has been committed by then; at most once in a while. Never throws. */
  drainSoon(lastSeq: () => number): Promise<void> {
    const untilNextMs = this.#drainedAtMs + betweenMs - this.#ports.now();
    // The clock may have been set back.
    const waitMs = Math.min(betweenMs, Math.max(gatherMs, untilNextMs));
    this.#soon ??= this.#ports.pause(waitMs).then(() => {
      this.#soon = null;
      if (this.isBackingOff()) return undefined;
      this.#drainedAtMs = this.#ports.now();
      const upTo = lastSeq();
      return this.drain(() => upTo);
    });
    return this.#soon;
  }

  /** Drains until the outbox is empty or D1 fails. Never throws; one drain at a time. */
  drain(lastSeq: () => number): Promise<void> {
    this.#draining ??= this.#drain(lastSeq).finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  async #drain(lastSeq: () => number): Promise<void> {
    try {
      while (this.#ledger.exists() && this.#ledger.projectedSeq() < lastSeq()) {
        const from = this.#ledger.projectedSeq();
        const previous = this.#ledger.projectedHash();
        if (previous === null) {
          // Without a hash to go on from, the chain begins again at the first event: the same rows give the same hashes.
          this.#ledger.setProjectedSeq(0);
          continue;
        }
        const { upTo, ...next } = this.#nextBatch(from, lastSeq());
        const batch = { ...next.batch, seals: await this.#seal(previous, next.batch) };
        await this.#ports.withTimeout(this.#ports.projection.project(batch, this.#ports.now()));
        // Meanwhile the day may have been cleaned away, or asked to project everything again.
        if (this.#ledger.exists() && this.#ledger.projectedSeq() === from) {
          this.#ledger.setProjectedSeq(upTo, batch.seals.at(-1)?.hash);
        }
      }
      this.#failures = 0;
      this.#retryAtMs = 0;
    } catch (error) {
      this.#retryAtMs = this.#ports.now() + Math.min(lastRetryMs, firstRetryMs * 2 ** this.#failures);
      this.#failures += 1;
      this.#ports.report('outbox_drain_failed', error);
    }
  }

  #seal(previous: string, { day, audit }: Unsealed): Promise<Seal[]> {
    const stream = dayStream(day);
    return sealRows(
      this.#ports.digest,
      previous,
      audit.map((row) => ({ stream, ...row })),
    );
  }

  #nextBatch(from: number, lastSeq: number): { batch: Unsealed; upTo: number } {
    const state = this.#state();
    const nowMs = this.#ports.now();
    const { audit, rows } = this.#fitting(this.#ledger.eventsAfter(from, batchEvents));
    const subjects = [...rows.keys()];
    const appointments = [...rows.values()].filter((row) => row !== null);
    const isLast = audit.at(-1)?.seq === this.#ledger.lastSeq();
    const changed = isLast ? subjects : this.#ledger.subjectsAfter(from);
    const releases = changed.flatMap((id) => {
      const version = state.appointments.get(id)?.version ?? state.forwards.get(id)?.shown?.appointment.version;
      return version === undefined ? [] : [{ id, version }];
    });
    // The state may be newer than what this drain was asked for, and is told as what it is.
    const version = Math.max(lastSeq, audit.at(-1)?.seq ?? 0);
    const [scheduleVersion, waitlistVersion] = [state.plan?.scheduleVersion ?? 0, state.waiting?.version ?? 0];
    const dayRow = { version, scheduleVersion, waitlistVersion, ...summaryOf(state, nowMs) };
    return { batch: { day: state.day, dayRow, appointments, releases, audit }, upTo: audit.at(-1)?.seq ?? lastSeq };
  }

  /** As many of the next events as one batch takes, with the rows of the appointments that they are about. */
  #fitting(events: readonly AuditRow[]): { audit: AuditRow[]; rows: Map<string, AppointmentRow | null> } {
    const audit: AuditRow[] = [];
    const rows = new Map<string, AppointmentRow | null>();
    let bytes = 0;
    for (const event of events) {
      const id = event.subjectId;
      if (id !== null && !rows.has(id)) {
        const row = rowOf(this.#state(), id);
        bytes += JSON.stringify(row).length;
        if (bytes > batchBytes && audit.length > 0) break;
        rows.set(id, row);
      }
      audit.push(event);
    }
    return { audit, rows };
  }
}

/** What D1 shall show of an appointment that this day holds or has just let go; `null` when it says nothing of it. */
const rowOf = (state: DayState, id: string): AppointmentRow | null => {
  const here = state.appointments.get(id);
  if (here !== undefined) {
    const seat = occupiesSeat(here, Number.NEGATIVE_INFINITY) ? here.seat : null;
    return { ...shown(state.day, state.plan?.timeZone ?? 'UTC', here), seat };
  }
  const forward = state.forwards.get(id);
  if (!forward?.shown) return null;
  return { ...shown(forward.shown.day, forward.shown.timeZone, forward.shown.appointment), seat: null };
};

/** As stored, whatever the time: an expiry is projected when its event is written. */
const shown = (day: DayState['day'], timeZone: string, appointment: Appointment) =>
  viewOf({ ...day, timeZone }, appointment, Number.NEGATIVE_INFINITY);
