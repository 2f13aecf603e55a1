import { type DayKey, dayName } from '../../src/domain/ids.ts';

/** Something that was asked of one doctor-day, as its object saw it. */
export interface Operation {
  readonly number: number;
  readonly day: string;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Event number and wall clock (ms) when it reached the object. */
  readonly startStep: number;
  readonly startMs: number;
  /** Event number and wall clock (ms) when the object answered or died; infinite while neither has happened. */
  endStep: number;
  endMs: number;
  /** `false`: the object died or never answered, so it may or may not have happened. */
  answered: boolean;
  answer: unknown;
}

/** A description of what a person asked and was told, for people to read. */
export interface Told {
  readonly atMs: number;
  readonly text: string;
}

/** Everything that was asked of the doctor-days of a run, in the order of arrival. */
export class History {
  readonly operations: Operation[] = [];
  readonly told: Told[] = [];
  readonly #step: () => number;
  readonly #nowMs: () => number;
  #open = true;

  constructor(step: () => number, nowMs: () => number) {
    this.#step = step;
    this.#nowMs = nowMs;
  }

  /** Stops recording: what follows is no part of the history to be checked. */
  close(): void {
    this.#open = false;
  }

  /** Records a request while it is under way. */
  async watch<T>(day: DayKey, method: string, args: readonly unknown[], work: () => Promise<T>): Promise<T> {
    const operation = this.note(day, method, args);
    const end = (answered: boolean, answer: unknown): void => {
      Object.assign(operation, { endStep: this.#step(), endMs: this.#nowMs(), answered, answer });
    };
    try {
      const answer = await work();
      end(true, structuredClone(answer));
      return answer;
    } catch (error) {
      end(false, String(error));
      throw error;
    }
  }

  /** Records something that may happen from now on, such as the use that an engine makes of an answer it got. */
  note(day: DayKey, method: string, args: readonly unknown[]): Operation {
    const operation: Operation = {
      number: this.operations.length,
      day: dayName(day),
      method,
      args: structuredClone(args),
      startStep: this.#step(),
      startMs: this.#nowMs(),
      endStep: Number.POSITIVE_INFINITY,
      endMs: Number.POSITIVE_INFINITY,
      answered: false,
      answer: undefined,
    };
    if (this.#open) this.operations.push(operation);
    return operation;
  }

  /** Notes a line for people. */
  tell(text: string): void {
    this.told.push({ atMs: this.#nowMs(), text });
  }
}
