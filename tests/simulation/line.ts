import type { DayPlan } from '../../src/domain/doctor-day/plan.ts';
import type { WaitingEntry, WaitingList } from '../../src/domain/doctor-day/waiting.ts';
import type { DayKey } from '../../src/domain/ids.ts';
import type { PlannedSlot } from '../../src/domain/schedule.ts';
import { bookingWindow } from '../../src/domain/zoned-time.ts';
import { addedBy, freedByMove, freedByVisit, hasAll, kindsOf, type Visit, visitOf } from './model-state.ts';
import { occupying, type Stored, type StoredEvent } from './stored.ts';
import { promise } from './violation.ts';

/** An appointment as its events tell it. */
interface Known {
  readonly visit: Visit;
  readonly entryId: string | null;
  /** Who had their turn at the seat before, while it is offered. */
  passed: readonly string[] | null;
  readonly isEmergency: boolean;
}

/** A seat that has just become free, and to whom it must be offered. */
interface Owed {
  readonly known: Known;
  /** What freed the seat, as the model of the day calls it. */
  readonly name: string;
  readonly to: WaitingEntry | null;
  readonly why: string;
}

/** Seats of a slot that an edit has just added. */
interface Added {
  readonly slot: PlannedSlot;
  readonly seats: number;
}

/** What an edit has just added, from the earliest slot; `null` when two edits at once leave no trace of the first. */
interface Edit {
  readonly version: number;
  readonly added: Added[] | null;
  readonly before: Stored;
  readonly atMs: number;
  offers: number;
}

const freeing = new Set(['cancelled', 'rejected', 'expired', 'rescheduled', 'moved_out', 'seat_released']);
const waits = new Set(['pending', 'awaiting_approval']);

/**
 * Follows one day's events, and checks that every seat that becomes free goes to whom the rules of the waitlist say:
 * written from the rules and not from the code.
 */
export class Line {
  readonly #day: DayKey;
  /** The lists that the day was told, by version. */
  readonly #lists: ReadonlyMap<number, WaitingList>;
  readonly #known = new Map<string, Known>();
  readonly #taken = new Set<string>();
  #list: WaitingList = { version: 0, entries: [] };
  #plan: DayPlan | null = null;
  #frozen = false;
  #owed: Owed | null = null;
  #edit: Edit | null = null;
  /** How often a move gave a seat back: a message that comes twice may have it kept, and given back, twice. */
  readonly #givenBack = new Map<string, number>();
  /** The offers of the day by what freed their seat, for whoever explains its history. */
  readonly offers = new Map<string, Visit>();

  constructor(day: DayKey, lists: ReadonlyMap<number, WaitingList>) {
    this.#day = day;
    this.#lists = lists;
  }

  /** Takes in the events of one commit, between what was stored before it and after it. */
  take(events: readonly StoredEvent[], before: Stored, after: Stored): void {
    for (const event of events) this.#take(event, before, after);
    this.#settle(null);
  }

  #take(event: StoredEvent, before: Stored, after: Stored): void {
    const { action, data, subjectId, atMs } = event;
    this.#settle(event);
    if (action === 'opened' || action === 'schedule_applied') {
      const plans = [after.plan, before.plan];
      const [was, version] = [this.#plan, data.scheduleVersion ?? 0];
      this.#plan = plans.find((plan) => plan?.scheduleVersion === version) ?? null;
      if (action === 'schedule_applied') {
        this.#edit = { version, added: this.#addedTo(was, before, atMs), before, atMs, offers: 0 };
      }
    }
    if (action === 'frozen' || action === 'thawed') this.#frozen = action === 'frozen';
    if (action === 'waitlist_applied') this.#list = this.#lists.get(data.waitlistVersion ?? 0) ?? this.#list;
    if (subjectId === null) return;
    if (action === 'offered' && data.freed === null) this.#offeredOfAdded(event, after);
    else if (action === 'offered') this.#offered(event, after);
    // A seat that is kept for an arrival goes by its move.
    const isKept = action === 'seat_reserved' || action === 'seat_released';
    const key = isKept ? `move ${data.moveId}` : subjectId;
    const was = this.#known.get(key) ?? null;
    this.#note(event, key, was, before, after);
    const now = this.#known.get(key) ?? null;
    if (action === 'seat_released') this.#givenBack.set(key, (this.#givenBack.get(key) ?? 0) + 1);
    const stays = now !== null && was !== null && now.visit.startsAtMs === was.visit.startsAtMs;
    if (!freeing.has(action) || was === null || (action === 'rescheduled' && stays)) return;
    if (!occupying.has(was.visit.status)) return;
    const [to, why] = this.#first(was, before, atMs);
    const times = this.#givenBack.get(key) ?? 0;
    const name = action === 'seat_released' ? freedByMove(data.moveId ?? '', times) : freedByVisit(was.visit);
    this.#owed = { known: was, name, to, why };
  }

  /** What an event makes of its appointment, or of the seat that is kept for it. */
  #note(event: StoredEvent, key: string, was: Known | null, before: Stored, after: Stored): void {
    const { action, subjectId, data } = event;
    const id = subjectId as string;
    if (action === 'moved_out' || action === 'seat_released') return void this.#known.delete(key);
    if (action === 'moved_in') this.#known.delete(`move ${data.moveId}`);
    const arrival = [...after.arrivals.values(), ...before.arrivals.values()].find(
      ({ moveId }) => action === 'seat_reserved' && moveId === data.moveId,
    );
    const record = arrival?.appointment ?? after.appointments.get(id) ?? before.appointments.get(id);
    if (record === undefined || ['forwarded', 'move_settled', 'move_started', 'move_abandoned'].includes(action))
      return;
    const changed = arrival === undefined ? data : record;
    const { status = record.status, startsAtMs = record.startsAtMs, version = record.version } = changed;
    const visit = {
      ...(was?.visit ?? visitOf(record)),
      ...{ status, startsAtMs, version, seat: changed.seat ?? record.seat },
      endsAtMs: changed.endsAtMs ?? record.endsAtMs,
      kinds: arrival === undefined ? (data.resources ?? []).map(({ kind }) => kind) : kindsOf(record),
    } as Visit;
    const entryId = record.offer?.entryId ?? null;
    const moved = ['rescheduled', 'moved_in', 'seat_reserved'].includes(action);
    const passed = moved || entryId === null ? null : (was?.passed ?? null);
    if (entryId !== null && status === 'confirmed' && action !== 'seat_reserved') this.#taken.add(entryId);
    this.#known.set(key, { visit, entryId, passed, isEmergency: record.priority === 'emergency' });
  }

  /** An offer must be the one that is owed, and stand for a while. */
  #offered(event: StoredEvent, after: Stored): void {
    const { subjectId: id, data, seq } = event;
    const owed = this.#owed;
    this.#owed = null;
    const where = () => `offer ${id}, event ${seq}, to ${data.waitlistEntryId}`;
    promise(
      owed !== null && data.freed?.appointmentId === owed.known.visit.id,
      'WL7',
      () => `${where()}: no seat of it`,
    );
    if (owed === null) return;
    const { known, name, to, why } = owed;
    promise(to?.id === data.waitlistEntryId, 'WL2', () => `${where()}: it was ${to?.id} whose turn it was (${why})`);
    const goesOn = known.passed !== null && waits.has(known.visit.status);
    const passed = goesOn && known.passed !== null ? [...known.passed, known.entryId as string] : [];
    this.#noteOffer(event, after, { name, seat: known.visit, patientId: to?.patientId, passed });
  }

  /** An offer of a seat that an edit added must be the next that is owed. */
  #offeredOfAdded(event: StoredEvent, after: Stored): void {
    const { subjectId, data, seq } = event;
    const edit = this.#edit;
    const where = () => `offer ${subjectId}, event ${seq}, to ${data.waitlistEntryId}, of an added seat`;
    promise(edit !== null, 'WL16', () => `${where()}: none was added`);
    if (edit === null) return;
    edit.offers += 1;
    const name = addedBy(edit.version, edit.offers);
    const { startsAtMs = 0, endsAtMs = 0 } = data;
    const list = this.#list.entries.find(({ id }) => id === data.waitlistEntryId);
    const noted = { name, seat: { startsAtMs, endsAtMs }, patientId: list?.patientId, passed: [] };
    if (edit.added === null) {
      this.#noteOffer(event, after, noted);
      return;
    }
    const [owed, to] = this.#nextAdded(edit.added, edit);
    const isRight = owed?.startsAtMs === startsAtMs && owed.endsAtMs === endsAtMs && to?.id === data.waitlistEntryId;
    promise(isRight, 'WL16', () => `${where()}: it was ${to?.id} whose turn it was, at ${owed?.startsAtMs}`);
    const [first] = edit.added;
    if (first !== undefined) edit.added[0] = { ...first, seats: first.seats - 1 };
    this.#noteOffer(event, after, noted);
  }

  #noteOffer(
    { subjectId, data, atMs, seq }: StoredEvent,
    after: Stored,
    offer: {
      readonly name: string;
      readonly seat: Pick<Visit, 'startsAtMs' | 'endsAtMs'>;
      readonly patientId: string | undefined;
      readonly passed: readonly string[];
    },
  ): void {
    const id = subjectId as string;
    const { startsAtMs, endsAtMs } = offer.seat;
    const expiresAtMs = data.expiresAtMs ?? 0;
    promise(
      expiresAtMs > atMs && expiresAtMs <= startsAtMs,
      'WL8',
      () => `offer ${id}, event ${seq}: until ${expiresAtMs}`,
    );
    const record = after.appointments.get(id);
    const visit = {
      ...(record === undefined ? offer.seat : visitOf(record)),
      ...{ id, startsAtMs, endsAtMs, seat: data.seat, patientId: offer.patientId },
      ...{ status: 'pending', expiresAtMs, version: 1, outsideSchedule: false, moving: null },
    } as Visit;
    this.offers.set(offer.name, visit);
    const { passed } = offer;
    this.#known.set(id, { visit, entryId: data.waitlistEntryId ?? null, passed, isEmergency: false });
  }

  /** The slots of which an edit has more seats that nobody has than there were before. */
  #addedTo(was: DayPlan | null, before: Stored, atMs: number): Added[] | null {
    const plan = this.#plan;
    if (was === null || plan === null) return null;
    const live = this.#live(before, atMs);
    const free = (slot: PlannedSlot): number => Math.max(0, slot.capacity - (inSlot(slot, live) ?? slot.capacity));
    return plan.slots.map((slot) => {
      const same = was.slots.find((one) => isSame(one, slot) && one.mode === slot.mode);
      return { slot, seats: free(slot) - (same === undefined ? 0 : free(same)) };
    });
  }

  /** The next seat that was added and that somebody is to be offered, and who; slots that nobody waits for are passed. */
  #nextAdded(added: Added[], { before, atMs }: Edit): [PlannedSlot, WaitingEntry] | [] {
    for (let next = added[0]; next !== undefined; next = added[0]) {
      const [to] = next.seats > 0 ? this.#firstAt(next.slot, [], [], before, atMs) : [null];
      if (to !== null) return [next.slot, to];
      added.shift();
    }
    return [];
  }

  /** A seat that is owed to somebody must be offered by the very next event. */
  #settle(next: StoredEvent | null): void {
    const owed = this.#owed;
    if (next?.action === 'offered') return;
    const edit = this.#edit;
    this.#edit = null;
    const [slot, who] = edit?.added ? this.#nextAdded(edit.added, edit) : [];
    promise(slot === undefined, 'WL16', () => `a seat was added at ${slot?.startsAtMs} and not offered to ${who?.id}`);
    if (owed === null) return;
    this.#owed = null;
    const { visit } = owed.known;
    const left = `the seat that ${visit.id} left at ${visit.startsAtMs}`;
    promise(
      owed.to === null,
      'WL7',
      () => `${left} was not offered to ${owed.to?.id}, but ${next?.action ?? 'nothing'}`,
    );
  }

  /** Whose turn it is at a seat that somebody left; nobody's while it cannot be booked. */
  #first(freed: Known, before: Stored, atMs: number): [WaitingEntry | null, string] {
    const { visit } = freed;
    const slot = this.#plan?.slots.find((one) => isSame(one, visit));
    if (slot === undefined) return [null, 'closed'];
    if (freed.isEmergency && visit.seat > slot.capacity) return [null, 'an emergency’s'];
    const passed = freed.passed !== null && waits.has(visit.status) ? [...freed.passed, freed.entryId ?? ''] : [];
    return this.#firstAt(slot, passed, [freed], before, atMs);
  }

  /** Whose turn it is at a free seat of a slot; nobody's while it cannot be booked, or has no rooms. */
  #firstAt(
    slot: PlannedSlot,
    passed: readonly string[],
    left: readonly Known[],
    before: Stored,
    atMs: number,
  ): [WaitingEntry | null, string] {
    const plan = this.#plan;
    if (plan === null || !plan.bookable || this.#frozen) return [null, 'closed'];
    const open = bookingWindow(plan, atMs);
    const isOpen = this.#day.date >= open.from && this.#day.date <= open.to;
    const fromMs = atMs + plan.minimumNoticeMinutes * 60_000;
    if (!isOpen || slot.startsAtMs < fromMs || slot.startsAtMs <= atMs) return [null, 'not open'];
    const live = this.#live(before, atMs);
    const near = nearTo(slot, live);
    if ((inSlot(slot, live) ?? slot.capacity) >= slot.capacity) return [null, 'full'];
    const needsNone = (slot.requires ?? []).length === 0;
    const hasRooms = needsNone || [...left, ...near].some((one) => hasAll(slot, one.visit.kinds));
    if (!hasRooms) return [null, 'without rooms'];
    const line = [...this.#list.entries].sort((a, b) => a.joinedAtMs - b.joinedAtMs || (a.id < b.id ? -1 : 1));
    const first = line.find(
      (entry) =>
        wants(entry, slot, plan.timeZone) &&
        !passed.includes(entry.id) &&
        !this.#taken.has(entry.id) &&
        !live.some(({ entryId }) => entryId === entry.id) &&
        !near.some((one) => one.visit.patientId === entry.patientId),
    );
    return [first ?? null, `of ${line.length}, passed ${passed.length}`];
  }

  /** Whatever takes a seat at an instant. */
  #live(before: Stored, atMs: number): Known[] {
    return [...this.#known.values()].filter(({ visit: { id, status } }) => {
      const stored = before.appointments.get(id);
      const hasRunOut = stored?.status === status && waits.has(status) && (stored.expiresAtMs ?? atMs + 1) <= atMs;
      return occupying.has(status) && !hasRunOut;
    });
  }
}

type Span = Pick<Visit, 'startsAtMs' | 'endsAtMs'>;

const isSame = (a: Span, b: Span): boolean => a.startsAtMs === b.startsAtMs && a.endsAtMs === b.endsAtMs;

/** Those who share time with a slot. */
const nearTo = (slot: Span, live: readonly Known[]): Known[] =>
  live.filter(({ visit }) => visit.startsAtMs < slot.endsAtMs && slot.startsAtMs < visit.endsAtMs);

/** How many seats of a slot, but for those that are kept for emergencies, are taken; `null` while others take its time. */
const inSlot = (slot: PlannedSlot, live: readonly Known[]): number | null => {
  const near = nearTo(slot, live);
  if (!near.every(({ visit }) => isSame(visit, slot))) return null;
  return near.filter((one) => !(one.isEmergency && one.visit.seat > slot.capacity)).length;
};

/** Whether a slot is what somebody waits for, by the clock on a wall of the doctor's. */
const wants = ({ part, mode }: WaitingEntry, slot: DayPlan['slots'][number], timeZone: string): boolean => {
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone });
  const hour = Number(clock.format(slot.startsAtMs));
  const parts = { any: true, morning: hour < 12, afternoon: hour >= 12 && hour < 17, evening: hour >= 17 };
  return parts[part] && (mode === null || mode === slot.mode);
};
