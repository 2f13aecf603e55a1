/** A promise that was broken, with the number of its rule. No fault explains it. */
export class Violation extends Error {
  readonly rule: string;

  constructor(rule: string, what: string) {
    super(`[${rule}] ${what}`);
    this.rule = rule;
  }
}

/** Throws a violation unless a condition holds. */
export const promise = (condition: boolean, rule: string, what: () => string): void => {
  if (!condition) throw new Violation(rule, what());
};
