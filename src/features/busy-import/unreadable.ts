/** What can be wrong with a calendar, in one word each that its doctor is shown. */
export const calendarFaults = [
  // The way to it
  'address_refused',
  'unreachable',
  'timed_out',
  'too_many_redirects',
  // What its server says
  'not_allowed',
  'gone',
  'server_error',
  // What it holds
  'too_large',
  'not_a_calendar',
  'malformed',
  'unknown_zone',
  'too_complex',
  // Ourselves
  'internal_error',
] as const;
export type CalendarFault = (typeof calendarFaults)[number];

/** A calendar that cannot be read to the end. Half of one would show times free that are not. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly fault: CalendarFault;

  constructor(fault: CalendarFault) {
    super(fault);
    this.fault = fault;
  }
}

/** Takes so much of what may be spent on one calendar. Throws {@link Unreadable} when nothing is left. */
export type Spend = (steps: number) => void;

/**
 * What may be spent on one calendar. Counted in steps and not by the clock, which stands still in a Worker that computes.
 */
export const budgetOf = (steps: number): Spend => {
  let left = steps;
  return (spent) => {
    left -= spent;
    if (left < 0) throw new Unreadable('too_complex');
  };
};
