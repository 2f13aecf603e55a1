/**
 * The columns of the unique index that a failed statement ran into, as SQLite names them (`accounts.email`); `null`
 * when the error is something else. Walks the chain of causes, for drizzle wraps what D1 throws.
 */
export const violatedUnique = (error: unknown): string | null => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const found = /UNIQUE constraint failed: ([\w., ]+)/.exec(cause.message)?.[1];
    if (found !== undefined) return found.trim();
  }
  return null;
};
