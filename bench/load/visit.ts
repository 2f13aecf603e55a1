import { randomUUID } from 'node:crypto';
import type { Answer, Connection } from './connection.ts';
import type { Operation } from './history.ts';
import { pick } from './random.ts';
import type { Day, Patient, Slot, Task } from './task.ts';

/** What a visit came to. */
export interface Visit {
  readonly good: boolean;
  /** What is measured of it, ms. Only that of good visits counts. */
  readonly ms: number;
}

/** What all virtual clients of a run share. */
export class Run {
  readonly task: Task;
  readonly random: () => number;
  readonly history: Operation[] = [];
  readonly statuses: Record<string, number> = {};
  requests = 0;
  #filled: number;
  #visits = 0;

  constructor(task: Task, random: () => number) {
    this.task = task;
    this.random = random;
    this.#filled = task.filled;
  }

  get filled(): number {
    return this.#filled;
  }

  /** A patient for one visit; visits that overlap get different ones. */
  nextPatient(): Patient {
    this.#visits += 1;
    return this.task.patients[this.#visits % this.task.patients.length] as Patient;
  }

  /** The next free seat: the slots of a day in turn, and days one after the other. `null` when all are full. */
  nextSeat(): { slot: Slot; patient: Patient } | null {
    let seat = this.#filled;
    for (const day of this.task.days) {
      const seats = seatsOf(day);
      if (seat < seats) {
        this.#filled += 1;
        const slot = day.slots[seat % day.slots.length] as Slot;
        return { slot, patient: this.task.patients[seat % this.task.patients.length] as Patient };
      }
      seat -= seats;
    }
    return null;
  }

  /** Counts an answer. */
  note({ status, body }: Answer): void {
    this.requests += 1;
    const name = status >= 400 && typeof body?.code === 'string' ? `${status} ${body.code}` : `${status}`;
    this.statuses[name] = (this.statuses[name] ?? 0) + 1;
  }
}

const seatsOf = (day: Day): number => day.slots.reduce((sum, { capacity }) => sum + capacity, 0);

/** Holds a slot. */
const hold = async (run: Run, connection: Connection, patient: Patient, slot: Slot): Promise<Answer> => {
  const answer = await connection.ask({
    method: 'POST',
    path: '/api/v1/appointments',
    token: patient.token,
    body: { slotId: slot.id },
    key: randomUUID(),
  });
  const id = answer.status === 201 ? (answer.body?.id as string) : null;
  const { status, startMs, endMs } = answer;
  run.history.push({ kind: 'hold', slotId: slot.id, patientId: patient.id, id, status, startMs, endMs });
  run.note(answer);
  return answer;
};

/** Confirms or cancels what was held. */
const change = async (
  run: Run,
  connection: Connection,
  kind: 'confirm' | 'cancel',
  patient: Patient,
  slot: Slot,
  id: string,
): Promise<Answer> => {
  const path = `/api/v1/appointments/${id}/${kind}`;
  const answer = await connection.ask({ method: 'POST', path, token: patient.token, body: {}, key: randomUUID() });
  const { status, startMs, endMs } = answer;
  run.history.push({ kind, slotId: slot.id, patientId: patient.id, id, status, startMs, endMs });
  run.note(answer);
  return answer;
};

/** The visits of each workload; `null` when there is nothing left to do. */
export const visits: Readonly<Record<Task['workload'], (run: Run, connection: Connection) => Promise<Visit | null>>> = {
  fill: async (run, connection) => {
    const seat = run.nextSeat();
    if (seat === null) return null;
    const held = await hold(run, connection, seat.patient, seat.slot);
    return { good: held.status === 201, ms: held.endMs - held.startMs };
  },

  churn: async (run, connection) => {
    const patient = run.nextPatient();
    const slot = pick(pick(run.task.days, run.random()).slots, run.random());
    const held = await hold(run, connection, patient, slot);
    if (held.status === 201) await change(run, connection, 'cancel', patient, slot, held.body.id);
    return { good: held.status === 201, ms: held.endMs - held.startMs };
  },

  journey: async (run, connection) => {
    const patient = run.nextPatient();
    const day = pick(run.task.days, run.random());
    const path = `/api/v1/doctors/${day.doctorId}/slots?date=${day.date}`;
    const seen = await connection.ask({ method: 'GET', path });
    run.note(seen);
    const free: { id: string; remaining: number; capacity: number }[] = seen.body?.slots ?? [];
    const open = free.filter(({ remaining }) => remaining > 0);
    if (open.length === 0) return { good: false, ms: 0 };
    const slot = pick(open, run.random());
    const held = await hold(run, connection, patient, slot);
    if (held.status !== 201) return { good: false, ms: 0 };
    const confirmed = await change(run, connection, 'confirm', patient, slot, held.body.id);
    return { good: confirmed.status === 200, ms: confirmed.endMs - seen.startMs };
  },

  stampede: async (run, connection) => {
    const patient = run.nextPatient();
    const slot = run.task.days[0]?.slots[0] as Slot;
    const held = await hold(run, connection, patient, slot);
    // Being told quickly that the seat is gone is what most of a stampede asks for.
    return { good: held.status === 201 || held.status === 409, ms: held.endMs - held.startMs };
  },

  read: async (run, connection) => {
    const answer = await connection.ask({
      method: 'GET',
      path: pick(run.task.paths, run.random()),
      token: run.nextPatient().token,
    });
    run.note(answer);
    return { good: answer.status === 200, ms: answer.endMs - answer.startMs };
  },
};
