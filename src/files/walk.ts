/** What looks at a file as it goes by. */
export interface Inspector {
  /** Looks at the next block. Gives why the file is not taken, as the end of a sentence; `null` while nothing is wrong. */
  take(block: Uint8Array, isLast: boolean): string | null | Promise<string | null>;
}

/** What a walk through a file does next: reads some bytes, skips some, or skips to just after a byte of a value. */
export type Step = { readonly read: number } | { readonly skip: number } | { readonly after: number };

/** A walk through the parts of a file: gives steps, is given what it reads, and returns what is wrong, or `null` at the end. */
export type Walk = Generator<Step, string | null, Uint8Array>;

const nothing = new Uint8Array();

/** Takes a walk block by block. A file that ends before the walk, or goes on after it, is not what it says. */
export const walking = (walk: Walk): Inspector => {
  let step = walk.next();
  let read: number[] = [];
  let left = 0;
  const begin = (): void => {
    read = [];
    if (!step.done && 'skip' in step.value) left = step.value.skip;
  };
  begin();
  const go = (bytes: Uint8Array): void => {
    step = walk.next(bytes);
    begin();
  };
  /** Takes as much of a block as a step wants, from a place in it; gives where the step left off. */
  const advance = (block: Uint8Array, from: number, now: Step): number => {
    if ('skip' in now) {
      const skipped = Math.min(left, block.length - from);
      left -= skipped;
      if (left === 0) go(nothing);
      return from + skipped;
    }
    if ('after' in now) {
      const found = block.indexOf(now.after, from);
      if (found >= 0) go(nothing);
      return found < 0 ? block.length : found + 1;
    }
    const part = block.subarray(from, from + now.read - read.length);
    read.push(...part);
    if (read.length === now.read) go(Uint8Array.from(read));
    return from + part.length;
  };
  return {
    take: (block, isLast) => {
      let at = 0;
      // A step of nothing is done without a byte.
      while (!step.done && (at < block.length || ('skip' in step.value && left === 0))) {
        at = advance(block, at, step.value);
      }
      if (step.done) {
        if (step.value !== null) return step.value;
        // Blocks are full, so one that is not the last has another after it.
        return at < block.length || !isLast ? 'holds something after its end' : null;
      }
      return isLast ? 'ends before it is whole' : null;
    },
  };
};
