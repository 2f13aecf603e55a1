/** The outcome of a decision: a value, or a refusal that is data. Bugs throw; refusals never do. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: E };

/** Wraps a value as a success. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** Wraps a refusal as a failure. */
export const refused = <E>(refusal: E): { readonly ok: false; readonly refusal: E } => ({ ok: false, refusal });

/** Throws on what the code has made impossible. Never used for anything a caller can cause. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}

/** Marks the branch that an exhaustive switch can never take. */
export const unreachable = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
