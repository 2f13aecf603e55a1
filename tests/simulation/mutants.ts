/** A bug to be planted: one piece of the source, found exactly once, and what it becomes. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The bugs that the simulator must find, each planted alone. */
export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledge before writing',
    file: 'durable-objects/engine.ts',
    from: 'const replies = this.#storage.transactionSync(() => requests.map((request) => this.#decider.decide(request)));',
    to: `let replies: Reply[] = [];
    try {
      this.#storage.transactionSync(() => {
        replies = requests.map((request) => this.#decider.decide(request));
        throw new Error('later');
      });
    } catch {}
    this.#ports.defer(() => {
      this.#decider.reload();
      this.#storage.transactionSync(() => requests.map((request) => this.#decider.decide(request)));
    });`,
  },
  {
    name: 'no expiry check',
    file: 'src/domain/doctor-day/decide.ts',
    from: 'if (hasRunOut(appointment, nowMs)) {',
    to: 'if (nowMs < 0) {',
  },
  {
    name: 'expiry one millisecond late',
    file: 'src/domain/doctor-day/status.ts',
    from: 'nowMs >= appointment.expiresAtMs',
    to: 'nowMs > appointment.expiresAtMs',
  },
  {
    name: 'off-by-one capacity',
    file: 'src/domain/availability.ts',
    from: 'Math.max(0, slot.capacity - taken)',
    to: 'Math.max(0, slot.capacity + 1 - taken)',
  },
  {
    name: 'one seat given twice',
    file: 'src/domain/doctor-day/seats.ts',
    from: 'while (taken.has(seat)) seat += 1;',
    to: '',
  },
  {
    name: 'non-idempotent projection',
    file: 'src/doctor-days/projection.ts',
    from: `FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`,
    to: `FROM json_each(?1) WHERE true
  ON CONFLICT DO UPDATE SET seq = audit_events.seq + 1000000`,
  },
  {
    name: 'version check dropped',
    file: 'src/doctor-days/projection.ts',
    from: 'WHERE excluded.version > appointments.version`',
    to: 'WHERE true`',
  },
  {
    name: 'outbox emptied too early',
    file: 'durable-objects/outbox.ts',
    from: 'await this.#ports.withTimeout(this.#ports.projection.project(batch, this.#ports.now()));',
    to: `this.#ledger.setProjectedSeq(upTo);
        await this.#ports.withTimeout(this.#ports.projection.project(batch, this.#ports.now()));`,
  },
  {
    name: 'alarm not armed again',
    file: 'durable-objects/engine.ts',
    from: 'async onAlarm(): Promise<void> {\n    this.#armedAtMs = null;',
    to: 'async onAlarm(): Promise<void> {',
  },
  {
    name: 'lost alarm never noticed',
    file: 'durable-objects/engine.ts',
    from: 'if (this.#armedAtMs !== null && this.#armedAtMs <= due && !lost) return;',
    to: 'if (this.#armedAtMs !== null && this.#armedAtMs <= due) return;',
  },
  {
    name: 'a step of the move skipped: arrival',
    file: 'durable-objects/mover.ts',
    from: 'await this.#ports.withTimeout(this.#ports.peer(to).arrive(moveId, arriving, answers));',
    to: '',
  },
  {
    name: 'a step of the move skipped: the first day is not told',
    file: 'durable-objects/mover.ts',
    from: 'if (home !== null && !sameDay(home, this.#here) && !sameDay(home, to)) {',
    to: 'if (home === null) {',
  },
  {
    name: 'an undecided move reported as abandoned',
    file: 'durable-objects/mover.ts',
    from: "return { kind: 'undecided' };",
    to: "return { kind: 'abandoned' };",
  },
  {
    name: 'an arrival applied twice',
    file: 'src/domain/doctor-day/move.ts',
    from: 'if (!state.arrivals.has(command.moveId) || state.plan === null) return ok([]);',
    to: 'if (state.plan === null) return ok([]);',
  },
  {
    name: 'a reserved seat does not block',
    file: 'src/domain/doctor-day/state.ts',
    from: 'for (const arrival of state.arrivals.values()) blocked.push(arrival.appointment);',
    to: '',
  },
  {
    name: 'arrival without a higher version',
    file: 'src/domain/doctor-day/move.ts',
    from: 'version: appointment.version + 2 };',
    to: 'version: appointment.version + 1 };',
  },
  {
    name: 'idempotency key scoped wrong',
    file: 'durable-objects/ledger.ts',
    from: "this.#answers('WHERE principal = ? AND key = ?', principal, key)[0]",
    to: "this.#answers('WHERE (principal = ? OR true) AND key = ?', principal, key)[0]",
  },
  {
    name: 'stored answers left behind by a move',
    file: 'durable-objects/ledger.ts',
    from: "return this.#answers('WHERE subject_id = ?', subjectId);",
    to: "return this.#answers('WHERE subject_id = ? AND false', subjectId);",
  },
  {
    name: 'a key not stored',
    file: 'durable-objects/decider.ts',
    from: 'if (key !== null && principal !== null) {\n      const inFlight',
    to: "if (key !== null && principal !== null && command.type !== 'cancel') {\n      const inFlight",
  },
  {
    name: 'expired hold still blocking',
    file: 'src/domain/doctor-day/state.ts',
    from: 'if (appointment !== undefined && occupiesSeat(appointment, nowMs)) seated.push(appointment);',
    to: 'if (appointment !== undefined && nowMs > 0) seated.push(appointment);',
  },
  {
    name: 'schedule edit dropping a seat',
    file: 'src/domain/doctor-day/decide.ts',
    from: 'appointment: changed(appointment, { outsideSchedule }, nowMs),',
    to: "appointment: changed(appointment, outsideSchedule ? { outsideSchedule, status: 'cancelled' } : { outsideSchedule }, nowMs),",
  },
  {
    name: 'an older schedule replaces a newer one',
    file: 'src/domain/doctor-day/decide.ts',
    from: 'if (command.schedule.version <= openPlan(state).scheduleVersion) return ok([]);',
    to: '',
  },
  {
    name: 'somebody else may confirm',
    file: 'src/domain/access.ts',
    from: "'appointment.confirm': [patient, admin],",
    to: "'appointment.confirm': [{ role: 'patient', relation: 'any' }, admin],",
  },
];
