import type { Answer } from '../load/connection.ts';

/** One attempt at something: sent once, and answered or not. Times are ms of the drill's clock. */
export interface Attempt {
  readonly kind: 'hold' | 'confirm' | 'cancel';
  readonly key: string;
  readonly patientId: string;
  readonly slotId: string;
  /** The appointment that is confirmed or cancelled; `null` for a hold. */
  readonly appointmentId: string | null;
  readonly startMs: number;
  /** Infinite when no answer came: then it may have happened at any time since, or never. */
  readonly endMs: number;
  readonly answer: Answer | null;
}

/** Everything that was tried in a drill. */
export class Record {
  readonly attempts: Attempt[] = [];

  /** Notes an attempt that was sent. A 503 says that nothing was decided, or that nobody knows: it is no answer. */
  note(attempt: Omit<Attempt, 'startMs' | 'endMs' | 'answer'>, answer: Answer): void {
    if (!answer.sent) return;
    const answered = answer.status > 0 && answer.status < 500;
    const endMs = answered ? answer.endMs : Number.POSITIVE_INFINITY;
    this.attempts.push({ ...attempt, startMs: answer.startMs, endMs, answer: answered ? answer : null });
  }

  /** The attempts at the changes of one appointment, in the order in which they began. */
  changesOf(appointmentId: string): Attempt[] {
    return this.attempts.filter((attempt) => attempt.appointmentId === appointmentId);
  }

  /** The holds that were acknowledged, one for each appointment. */
  acknowledged(): Map<string, Attempt> {
    const holds = new Map<string, Attempt>();
    for (const attempt of this.attempts) {
      const id = attempt.kind === 'hold' && attempt.answer?.status === 201 ? attempt.answer.body.id : null;
      if (id !== null && !holds.has(id)) holds.set(id, attempt);
    }
    return holds;
  }

  /** The holds that were sent and never answered. */
  unanswered(): Attempt[] {
    return this.attempts.filter(({ kind, answer }) => kind === 'hold' && answer === null);
  }

  /** Keys whose repeats were answered differently. */
  contradictions(): string[] {
    const answers = new Map<string, string>();
    const found: string[] = [];
    for (const { key, answer } of this.attempts) {
      if (answer === null || answer.body?.code === 'request_in_flight') continue;
      // A problem's `instance` names the request that it answers (RFC 9457 section 3.1.5), so a repeat has its own.
      const told = JSON.stringify([answer.status, { ...answer.body, instance: undefined }]);
      const before = answers.get(key);
      if (before !== undefined && before !== told) found.push(`${before} and then ${told}`);
      answers.set(key, before ?? told);
    }
    return found;
  }
}
