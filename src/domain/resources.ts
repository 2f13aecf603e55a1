import { ok, type Result, refused } from './result.ts';

/** A room or a device of a clinic. */
export interface ClinicResource {
  readonly id: string;
  /** What slots ask for: a clinic's own word, normalised by {@link resourceKind}. */
  readonly kind: string;
  readonly name: string;
}

/** The longest kind, in characters. */
export const maxKindLength = 40;
/** Kinds that a slot may require. */
export const maxKinds = 4;

/**
 * A clinic's word for a kind of room or device, as it is compared: `Procedure Room` and `procedure-room` are one kind.
 * `null` for what holds no letter or digit, or is too long.
 */
export const resourceKind = (text: string): string | null => {
  const kind = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return kind === '' || kind.length > maxKindLength ? null : kind;
};

/** One free resource of each kind, the first by name; or the first kind of which none is free. */
export const chooseResources = (
  kinds: readonly string[],
  resources: readonly ClinicResource[],
  taken: ReadonlySet<string>,
): Result<ClinicResource[], { readonly kind: string }> => {
  const free = resources
    .filter(({ id }) => !taken.has(id))
    .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
  const chosen: ClinicResource[] = [];
  for (const kind of kinds) {
    const one = free.find((resource) => resource.kind === kind);
    if (one === undefined) return refused({ kind });
    chosen.push(one);
  }
  return ok(chosen);
};
