/** What SQLite says of a statement that is wrong or must not be: no waiting makes it right. */
const mistakes = /SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG|MISUSE|AUTH)|parameter bindings/;
/** How the platform marks the failure of an object that will answer again in a moment. */
const marks = ['retryable', 'overloaded', 'durableObjectReset'];
const maxCauses = 5;

/**
 * Whether an error says that D1 or a Durable Object is out of reach for a moment, rather than that we are wrong. D1 has
 * no codes for it: its own errors begin with `D1_ERROR`, and those that SQLite raised name SQLite's code.
 */
export const isOutage = (error: unknown): boolean => {
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < maxCauses; depth += 1) {
    if (/^D1_ERROR\b/.test(cause.message) && !mistakes.test(cause.message)) return true;
    const marked = cause as unknown as Record<string, unknown>;
    if (marks.some((mark) => marked[mark] === true)) return true;
    cause = cause.cause;
  }
  return false;
};
