import type { Interval } from '../src/domain/interval.ts';
import { type ClinicResource, chooseResources } from '../src/domain/resources.ts';
import { ok, type Result } from '../src/domain/result.ts';
import { Alarm } from './alarm.ts';
import type { DayStorage } from './ports.ts';
import { type KnownResources, ResourceLedger } from './resource-ledger.ts';
import type { ReserveRequest, ResourcePorts } from './resource-ports.ts';

/** How long what D1 said of the rooms is good, unless an edit is told of sooner, ms. */
const freshMs = 60_000;
/** How long a reservation stands before its day is asked whether it took it, ms. */
const leaseMs = 60_000;
/** How long a day that did not know, or did not answer, is left alone, ms. */
const askAgainMs = 30_000;
/** How long what is over may lie, ms. */
const cleanUpMs = 3_600_000;
/** Days asked in one alarm, and how soon the next are, ms. */
const asksAtOnce = 50;
const failedAlarmMs = 5_000;

/**
 * A clinic's rooms and devices: the only authority for who has which of them when. It keeps all that a slot needs or
 * nothing. What it keeps is a lease: the doctor-day that asked is asked back, and only when it says that nobody of it
 * is seated with the reservation is that taken away. Free of the runtime: everything outside comes through ports.
 */
export class ResourceKeeper {
  readonly #storage: DayStorage;
  readonly #ports: ResourcePorts;
  readonly #ledger: ResourceLedger;
  readonly #alarm: Alarm;
  #known: KnownResources | null = null;
  #stored: KnownResources | null = null;
  #reading: Promise<readonly ClinicResource[]> | null = null;
  /** Rises with every edit: what was read before it is old. */
  #edits = 0;

  constructor(storage: DayStorage, ports: ResourcePorts) {
    this.#storage = storage;
    this.#ports = ports;
    this.#ledger = new ResourceLedger(storage);
    this.#alarm = new Alarm(storage, ports);
  }

  /** Reads what is stored. Once, before anything else; an alarm that was lost is armed again. */
  async load(): Promise<void> {
    if (!this.#ledger.exists()) return;
    this.#known = this.#ledger.known();
    this.#stored = this.#known;
    await this.#alarm.load();
    this.#arm();
  }

  /**
   * Keeps one resource of each kind for an interval, or refuses with the first kind of which none is free. A repeat
   * gets what the first got. Throws while D1 is out of reach and the rooms were never read.
   */
  async reserve(request: ReserveRequest): Promise<Result<readonly ClinicResource[], { readonly kind: string }>> {
    const resources = await this.#resources();
    const kept = this.#storage.transactionSync(() => this.#keep(request, resources));
    this.#arm();
    return kept;
  }

  /** The first of some kinds of which none is free in an interval; `null` when one of each is. Keeps nothing. */
  async lacking(kinds: readonly string[], interval: Interval): Promise<string | null> {
    const fitting = (await this.#resources()).filter(({ kind }) => kinds.includes(kind));
    const taken = this.#ledger.taken(
      fitting.map(({ id }) => id),
      interval,
    );
    const chosen = chooseResources(kinds, fitting, taken);
    return chosen.ok ? null : chosen.refusal.kind;
  }

  /** Gives a reservation back; of one that is not here, nothing. */
  release(reservationId: string): void {
    if (!this.#ledger.exists()) return;
    this.#storage.transactionSync(() => this.#ledger.end(reservationId));
    this.#arm();
  }

  /** The clinic's rooms have been edited: they are read anew before the next is given. */
  changed(): void {
    this.#edits += 1;
    if (this.#known !== null) this.#known = { ...this.#known, readAtMs: 0 };
  }

  /** Asks the days whose leases are up, and forgets what is over. Never throws; armed again while anything is kept. */
  async onAlarm(): Promise<void> {
    this.#alarm.rang();
    if (!this.#ledger.exists()) return;
    let notBeforeMs = 0;
    try {
      const nowMs = this.#ports.now();
      this.#storage.transactionSync(() => this.#ledger.endPast(nowMs));
      await Promise.all(this.#ledger.toAsk(nowMs, asksAtOnce).map((one) => this.#ask(one)));
    } catch (error) {
      this.#ports.report('resource_alarm_failed', error);
      notBeforeMs = this.#ports.now() + failedAlarmMs;
    }
    if (!this.#ledger.exists()) return;
    if (this.#ledger.next().endsAtMs !== null) return this.#arm(notBeforeMs);
    this.#stored = null;
    await this.#storage.deleteAll();
    // With everything goes the alarm.
    this.#alarm.rang();
  }

  #keep(
    request: ReserveRequest,
    resources: readonly ClinicResource[],
  ): Result<readonly ClinicResource[], { readonly kind: string }> {
    const stored = this.#ledger.reserved(request.reservationId);
    if (stored !== null) return ok(stored);
    const fitting = resources.filter(({ kind }) => request.kinds.includes(kind));
    const taken = this.#ledger.taken(
      fitting.map(({ id }) => id),
      request,
    );
    const chosen = chooseResources(request.kinds, fitting, taken);
    if (!chosen.ok) return chosen;
    this.#ledger.put(request, chosen.value, this.#ports.now() + leaseMs);
    if (this.#known !== null && this.#known !== this.#stored) this.#ledger.setKnown(this.#known);
    this.#stored = this.#known;
    return chosen;
  }

  async #ask({ id, by }: ReturnType<ResourceLedger['toAsk']>[number]): Promise<void> {
    try {
      const standing = await this.#ports.withTimeout(this.#ports.standing(by, id));
      // What a day holds it owes back by itself.
      if (standing === 'none') this.release(id);
      else this.#askAt(id, standing === 'held' ? null : this.#ports.now() + askAgainMs);
    } catch (error) {
      this.#ports.report('resource_lease_unanswered', error);
      this.#askAt(id, this.#ports.now() + askAgainMs);
    }
  }

  #askAt(id: string, askAtMs: number | null): void {
    if (this.#ledger.exists()) this.#storage.transactionSync(() => this.#ledger.setAskAt(id, askAtMs));
  }

  /** The clinic's rooms, as D1 has them or, while it is out of reach, had them last. */
  async #resources(): Promise<readonly ClinicResource[]> {
    const known = this.#known;
    if (known !== null && this.#ports.now() < known.readAtMs + freshMs) return known.resources;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<readonly ClinicResource[]> {
    const edits = this.#edits;
    try {
      const resources = await this.#ports.withTimeout(this.#ports.resources());
      this.#known = { resources, readAtMs: edits === this.#edits ? this.#ports.now() : 0 };
      return resources;
    } catch (error) {
      if (this.#known === null) throw error;
      this.#ports.report('resources_not_read', error);
      return this.#known.resources;
    }
  }

  /** Arms the alarm for whatever is due first. */
  #arm(notBeforeMs = 0): void {
    if (!this.#ledger.exists()) return;
    const { askAtMs, endsAtMs } = this.#ledger.next();
    // Where nothing is kept any more, what it was kept in is still to be cleaned up.
    const cleanAtMs = (endsAtMs ?? this.#ports.now()) + cleanUpMs;
    this.#alarm.arm(Math.max(Math.min(askAtMs ?? Number.POSITIVE_INFINITY, cleanAtMs), notBeforeMs));
  }
}
