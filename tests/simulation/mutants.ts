/** A bug to be planted: a piece of the source that is there exactly once, in whichever file, and what it becomes. */
export interface Mutant {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** A second place that belongs to the same bug. */
  readonly also?: { readonly from: string; readonly to: string };
}

/** The bugs that the simulator must find, each planted alone. */
export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledge before writing',
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
    from: 'state.seated.runOutBy(nowMs).map(',
    to: 'state.seated.runOutBy(0).map(',
  },
  {
    name: 'expiry one millisecond late',
    from: 'nowMs >= appointment.expiresAtMs',
    to: 'nowMs > appointment.expiresAtMs',
  },
  {
    name: 'off-by-one capacity',
    from: 'Math.max(0, slot.capacity - taken)',
    to: 'Math.max(0, slot.capacity + 1 - taken)',
  },
  {
    name: 'one seat given twice',
    from: 'while (taken.has(seat)) seat += 1;',
    to: '',
  },
  {
    name: 'non-idempotent projection',
    from: "SELECT ?2, value ->> '$.seq',",
    to: `SELECT ?2, (value ->> '$.seq') + 1000000 * EXISTS (
      SELECT 1 FROM audit_events WHERE stream = ?2 AND seq = value ->> '$.seq'),`,
  },
  {
    name: 'version check dropped',
    from: 'WHERE excluded.version > appointments.version`',
    to: 'WHERE true`',
  },
  {
    name: 'outbox emptied too early',
    from: 'await this.#ports.withTimeout(this.#ports.projection.project(batch, this.#ports.now()));',
    to: `this.#ledger.setProjectedSeq(upTo);
        await this.#ports.withTimeout(this.#ports.projection.project(batch, this.#ports.now()));`,
  },
  {
    name: 'alarm not armed again',
    from: 'rang(): void {\n    this.#atMs = null;',
    to: 'rang(): void {',
  },
  {
    name: 'lost alarm never noticed',
    from: 'if (this.#atMs !== null && this.#atMs <= dueMs && !this.isLost()) return;',
    to: 'if (this.#atMs !== null && this.#atMs <= dueMs) return;',
  },
  {
    name: 'a step of the move skipped: arrival',
    from: 'await this.#ports.withTimeout(this.#ports.peer(to).arrive(moveId, arriving, answers));',
    to: '',
  },
  {
    name: 'a step of the move skipped: the first day is not told',
    from: 'if (home !== null && !sameDay(home, this.#here) && !sameDay(home, to)) {',
    to: 'if (home === null) {',
  },
  {
    name: 'an undecided move reported as abandoned',
    from: "return { kind: 'undecided' };",
    to: "return { kind: 'abandoned' };",
  },
  {
    name: 'an arrival applied twice',
    from: 'if (!state.arrivals.has(command.moveId) || state.plan === null) return ok([]);',
    to: 'if (state.plan === null) return ok([]);',
  },
  {
    name: 'a reserved seat does not block',
    from: 'state.arrivals.size === 0 ? []',
    to: 'state.arrivals.size < 9 ? []',
  },
  {
    name: 'arrival without a higher version',
    from: 'version: appointment.version + 2 };',
    to: 'version: appointment.version + 1 };',
  },
  {
    name: 'idempotency key scoped wrong',
    from: "this.#answers('WHERE principal = ? AND key = ?', principal, key)[0]",
    to: "this.#answers('WHERE (principal = ? OR true) AND key = ?', principal, key)[0]",
  },
  {
    name: 'stored answers left behind by a move',
    from: "return this.#answers('WHERE subject_id = ?', subjectId);",
    to: "return this.#answers('WHERE subject_id = ? AND false', subjectId);",
  },
  {
    name: 'a key not stored',
    from: 'if (key !== null && principal !== null && (decision.ok',
    to: "if (key !== null && principal !== null && command.type !== 'cancel' && (decision.ok",
  },
  {
    name: 'expired hold still blocking',
    from: 'for (const appointment of group.appointments.values()) {\n        if (!hasRunOut(appointment, nowMs)) found.push(appointment);',
    to: 'for (const appointment of group.appointments.values()) {\n        found.push(appointment);',
    also: { from: 'this.#append(sweep(this.#state, nowMs), nowMs);', to: '' },
  },
  {
    name: 'schedule edit dropping a seat',
    from: 'appointment: changed(appointment, { outsideSchedule }, nowMs),',
    to: "appointment: changed(appointment, outsideSchedule ? { outsideSchedule, status: 'cancelled' } : { outsideSchedule }, nowMs),",
  },
  {
    name: 'an older schedule replaces a newer one',
    from: 'if (command.schedule.version <= openPlan(state).scheduleVersion) return ok([]);',
    to: '',
  },
  {
    name: 'somebody else may confirm',
    from: "'appointment.confirm': [patient, guardian, doctor, staff, admin('appointments')],",
    to: "'appointment.confirm': [anyPatient, guardian, doctor, staff, admin('appointments')],",
  },
  {
    name: 'a passing refusal kept for ever',
    from: 'if (!result.ok && isPassing(result.refusal)) this.#ledger.dropAnswer(principal, key);\n    else ',
    to: '',
  },
  {
    name: 'a seat kept for an appointment that has ended',
    from: `if (appointment.status === 'expired' || hasRunOut(appointment, nowMs)) return refused(refusal('hold_expired'));
  const why = whyNotMovable(appointment, by.role, nowMs >= appointment.startsAtMs);
  if (why !== null) return refused(why);`,
    to: '',
  },
  {
    name: 'a late reservation brings the past back',
    from: "if (knownVersion(state, appointment.id) > appointment.version) return refused(refusal('move_failed'));",
    to: '',
  },
  {
    name: 'an arrival outside the schedule not flagged',
    from: 'const outsideSchedule = !fitsPlan(state.plan, command.appointment);',
    to: 'const { outsideSchedule } = command.appointment;',
  },
  {
    name: 'payment of another amount taken',
    from: "if (amountMinor !== fee.amount || currency !== fee.currency) return refused(refusal('wrong_amount'));",
    to: '',
  },
  {
    name: 'payment: a second takes the place of the first',
    from: "if (known !== null) return known.id === id ? ok([]) : refused(refusal('already_paid'));",
    to: 'if (known !== null && known.id === id) return ok([]);',
  },
  {
    name: 'payment noted, and the hold not confirmed',
    from: "if (appointment.status !== 'pending') return ok([noted]);",
    to: 'if (noted !== null) return ok([noted]);',
  },
  {
    name: 'payment left behind by a move',
    from: 'const terms = plan === null ? {} : { fee: feeOf(plan, mode), paymentRequired: asksToBePaid(plan, mode) };',
    to: 'const terms = plan === null ? {} : { fee: feeOf(plan, mode), paymentRequired: asksToBePaid(plan, mode), payment: null };',
  },
  {
    name: 'payment: a patient confirms without',
    from: "if (isOwed && principal.role === 'patient') return",
    to: 'if (isOwed && principal.role !== principal.role) return',
  },
  {
    name: 'payment: more time again and again',
    from: "if (appointment.status === 'pending' && (appointment.extendedAtMs ?? null) !== null) {",
    to: "if (appointment.status !== 'pending' && (appointment.extendedAtMs ?? null) !== null) {",
  },
  {
    name: 'emergency seats given to everybody',
    from: 'if (!isOrdinary && !(isEmergency && remainingEmergencySeats(slot, others) > 0))',
    to: 'if (!isOrdinary && !(remainingEmergencySeats(slot, others) > 0))',
  },
  {
    name: 'emergency past the start of its slot',
    from: 'minimumNoticeMinutes: 0 }, startsAtMs, nowMs) && startsAtMs > nowMs;',
    to: 'minimumNoticeMinutes: -600 }, startsAtMs, nowMs);',
  },
  {
    name: 'emergency: a second of one patient',
    from: "if (isEmergency && hasEmergency(state, request, nowMs)) return refused(refusal('too_many_emergencies'));",
    to: '',
  },
  {
    name: 'emergency seat forgotten by the plan',
    from: "appointment.seat <= slot.capacity + (appointment.priority === 'emergency' ? (slot.emergencySeats ?? 0) : 0),",
    to: 'appointment.seat <= slot.capacity,',
  },
  {
    name: 'waitlist: no order in the line',
    from: '.orderBy(waitlistEntries.joinedAtMs, waitlistEntries.id),',
    to: '.orderBy(waitlistEntries.id),',
  },
  {
    name: 'waitlist: an offer to who has got a seat',
    from: "if (state.taken.has(entry.id)) return 'taken';",
    to: '',
    also: {
      from: 'if (own.some(({ offer }) => offer?.entryId === entry.id))',
      to: "if (own.some(({ offer, status }) => offer?.entryId === entry.id && status !== 'confirmed'))",
    },
  },
  {
    name: 'waitlist: an offer that runs out goes to nobody',
    from: "    case 'expired':\n    case 'rescheduled': {",
    to: "    case 'rescheduled': {",
  },
  {
    name: 'waitlist: what an edit adds goes to nobody',
    from: "event.type === 'schedule_applied' && isAwaited ? openSeats(state, nowMs) : null;",
    to: 'null;',
    also: { from: 'const isAwaited = (state.waiting?.entries.length ?? 0) > 0;', to: '' },
  },
  {
    name: 'waitlist: an edit offers what was free to all',
    from: 'seats: openSeatsOf(state, slot, nowMs) - (before.get(slotName(slot)) ?? 0) }',
    to: 'seats: openSeatsOf(state, slot, nowMs) }',
  },
  {
    name: 'waitlist: a second turn at one seat',
    from: "if (passed.includes(entry.id)) return 'passed';",
    to: '',
  },
  {
    name: 'waitlist: a day is told once, or never',
    from: 'and d.waitlist_version < e.version`;',
    to: 'and e.version < 2`;',
  },
  {
    name: 'waitlist: D1 does not hear of a seat that was got',
    from: "audit.filter(({ action, data }) => action !== 'offered' && data.includes",
    to: "audit.filter(({ action, data }) => action === 'never' && data.includes",
  },
  {
    name: 'rooms given back that somebody was just seated with',
    from: 'if (!this.#day.state().reservations.has(id)) this.#ports.background',
    to: 'this.#ports.background',
  },
  {
    name: 'keeping rooms not idempotent',
    from: 'const stored = this.#ledger.reserved(request.reservationId);\n    if (stored !== null) return ok(stored);',
    to: '',
    also: { from: '`INSERT INTO reservations', to: '`INSERT OR REPLACE INTO reservations' },
  },
  {
    name: 'a lease taken away without asking',
    from: 'const standing = await this.#ports.withTimeout(this.#ports.standing(by, id));',
    to: "const standing = by === null ? 'held' : 'none';",
  },
  {
    name: 'one room for two at overlapping times',
    from: '.filter(({ id }) => !taken.has(id))',
    to: '.filter(() => true)',
  },
  {
    name: 'rooms of a cancelled seat never given back',
    from: 'endsAtMs > nowMs && !named.has(id)',
    to: 'endsAtMs < nowMs && !named.has(id)',
  },
  {
    name: 'a seat without all that its slot requires',
    from: 'if (one === undefined) return refused({ kind });',
    to: 'if (one === undefined) continue;',
    also: { from: 'requires.every((kind) =>', to: 'requires.some((kind) =>' },
  },
  {
    name: 'a call counts after a move',
    from: '&& call.startsAtMs === visit.startsAtMs;',
    to: ';',
  },
  {
    name: 'a call counts with another doctor',
    from: '&& call.doctorId === visit.doctorId',
    to: '',
  },
];
