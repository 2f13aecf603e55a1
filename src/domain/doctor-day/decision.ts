import type { Refusal } from '../refusal.ts';
import type { Result } from '../result.ts';
import type { DayEvent } from './event.ts';

/** A decision: the events that it leads to (perhaps none, when all is as asked already), or why not. */
export type Decision = Result<DayEvent[], Refusal>;
