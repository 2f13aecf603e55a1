import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, Connection } from '../load/connection.ts';
import { pick } from '../load/random.ts';
import type { Patient, Slot } from '../load/task.ts';
import type { Attempt, Record } from './record.ts';

/** Where the server is now; a new one after every kill. */
export interface Address {
  url(): string;
  isOver(): boolean;
}

/** How often somebody asks again who got no answer. */
const maxRepeats = 40;
const pauseMs = 50;

/** A patient who books, confirms, cancels, and asks again with the same key when no answer comes. */
export class Visitor {
  readonly #patient: Patient;
  readonly #record: Record;
  readonly #address: Address;
  readonly #random: () => number;
  #connection: Connection | null = null;
  #connectedTo = '';
  #count = 0;

  constructor(patient: Patient, record: Record, address: Address, random: () => number) {
    this.#patient = patient;
    this.#record = record;
    this.#address = address;
    this.#random = random;
  }

  /** Visits until the drill is over. */
  async visit(slots: readonly Slot[]): Promise<void> {
    while (!this.#address.isOver()) {
      const slot = pick(slots, this.#random());
      const held = await this.#insist('hold', slot, null);
      const id: string | null = held?.status === 201 ? held.body.id : null;
      const next = this.#random();
      // A third confirm, a third think better of it, a third leave it to run out.
      if (id !== null && next < 0.33) {
        await this.#insist('confirm', slot, id);
        if (this.#random() < 0.7) await this.#insist('cancel', slot, id);
      } else if (id !== null && next < 0.66) await this.#insist('cancel', slot, id);
      if (held === null) await sleep(pauseMs);
    }
    await this.#connection?.close();
  }

  /** Asks until there is an answer, always with the same key; sometimes it gives up. `null`: never answered. */
  async #insist(kind: Attempt['kind'], slot: Slot, appointmentId: string | null): Promise<Answer | null> {
    this.#count += 1;
    const key = `${this.#patient.id}-${this.#count}`;
    const attempt = { kind, key, patientId: this.#patient.id, slotId: slot.id, appointmentId };
    for (let tries = 0; tries < maxRepeats; tries += 1) {
      const answer = await this.#ask(attempt);
      this.#record.note(attempt, answer);
      const settled = answer.status > 0 && answer.status < 500 && answer.body?.code !== 'request_in_flight';
      // Now and then an answer is asked for twice, as a client does that lost it on its way.
      if (settled && this.#random() < 0.05) this.#record.note(attempt, await this.#ask(attempt));
      if (settled) return answer;
      if (this.#address.isOver() || this.#random() < 0.05) return null;
      await sleep(pauseMs);
    }
    return null;
  }

  #ask({ key, kind, slotId, appointmentId }: Pick<Attempt, 'key' | 'kind' | 'slotId' | 'appointmentId'>) {
    const connection = this.#connect();
    const path = '/api/v1/appointments';
    const { token } = this.#patient;
    if (appointmentId === null) return connection.ask({ method: 'POST', path, token, key, body: { slotId } });
    return connection.ask({ method: 'POST', path: `${path}/${appointmentId}/${kind}`, token, key, body: {} });
  }

  #connect(): Connection {
    const url = this.#address.url();
    if (this.#connection === null || this.#connectedTo !== url) {
      void this.#connection?.close();
      this.#connection = new Connection(url);
      this.#connectedTo = url;
    }
    return this.#connection;
  }
}
