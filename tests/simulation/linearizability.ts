/** One call of a history. Its effect, if it has one, takes place at some moment from `start` to `end`, both included. */
export interface Call {
  readonly start: number;
  /** Infinite while nobody knows. */
  readonly end: number;
  /** `false` for a call that was never answered: it may or may not have happened. */
  readonly required: boolean;
}

/** What a thing is supposed to do, one call at a time. */
export interface Model<S, C extends Call> {
  readonly initial: S;
  /** Every state that the call may lead to with the answer that it got; none when it cannot have been given here. */
  apply(state: S, call: C): readonly S[];
  /** Equal for equal states. */
  key(state: S): string;
}

/** Whether a history has an explanation. If not, the longest attempt at one and what could not come next. */
export type Verdict<S, C> =
  | { readonly ok: true }
  | { readonly ok: false; readonly reached: readonly C[]; readonly stuck: readonly C[]; readonly state: S }
  /** The search was given up: too many calls at once. */
  | { readonly ok: 'unknown' };

const maxVisited = 2_000_000;

/**
 * Whether the calls of a history could have happened one at a time, each between its start and its end, with the
 * answers that they got: a search by Wing and Gong with the memory of Lowe ("Testing for linearizability", 2016).
 */
export const linearize = <S, C extends Call>(model: Model<S, C>, history: readonly C[]): Verdict<S, C> => {
  const calls = [...history].sort((a, b) => a.start - b.start || a.end - b.end);
  const required = calls.filter((call) => call.required).length;
  const visited = new Set<number>();
  const done = calls.map(() => false);
  const path: C[] = [];
  let best: { reached: C[]; stuck: C[]; state: S } = { reached: [], stuck: [], state: model.initial };

  /** The calls that may come next: none may start after another, still to come, has ended. */
  const candidates = (from: number, latestStart: number): number[] => {
    const next: number[] = [];
    let firstEnd = Number.POSITIVE_INFINITY;
    for (let i = from; i < calls.length; i += 1) {
      const call = calls[i] as C;
      if (call.start > firstEnd) break;
      if (done[i] || call.end < latestStart) continue;
      next.push(i);
      if (call.required) firstEnd = Math.min(firstEnd, call.end);
    }
    // What was answered has happened; what was not, most often has not. So the likely order is tried first.
    const rank = (i: number): number => ((calls[i] as C).required ? (calls[i] as C).end : Number.POSITIVE_INFINITY);
    return next
      .filter((i) => (calls[i] as C).start <= firstEnd)
      .sort((i, j) => (rank(i) === rank(j) ? i - j : rank(i) < rank(j) ? -1 : 1));
  };

  /** The calls done, as what is left of them behind the first one that is open. */
  const memo = (from: number, state: S): number => {
    let bits = '';
    for (let i = from; i < calls.length; i += 1) bits += done[i] ? '1' : '0';
    return digest(`${from} ${bits.replace(/0+$/, '')} ${model.key(state)}`);
  };

  const search = (state: S, from: number, latestStart: number, left: number): boolean => {
    if (left === 0) return true;
    let first = from;
    while (first < calls.length && (done[first] || (calls[first] as C).end < latestStart)) first += 1;
    const here = memo(first, state);
    if (visited.has(here)) return false;
    if (visited.size > maxVisited) throw givenUp;
    visited.add(here);
    const next = candidates(first, latestStart);
    for (const i of next) {
      const call = calls[i] as C;
      for (const after of model.apply(state, call)) {
        done[i] = true;
        path.push(call);
        if (search(after, first, Math.max(latestStart, call.start), left - Number(call.required))) return true;
        done[i] = false;
        path.pop();
      }
    }
    if (path.length >= best.reached.length) best = { reached: [...path], stuck: next.map((i) => calls[i] as C), state };
    return false;
  };

  try {
    return search(model.initial, 0, Number.NEGATIVE_INFINITY, required) ? { ok: true } : { ok: false, ...best };
  } catch (error) {
    if (error === givenUp) return { ok: 'unknown' };
    throw error;
  }
};

/** 53 bits of a text: a search remembers so many that the texts themselves would fill the memory. */
const digest = (text: string): number => {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return (high & 0x1fffff) * 4_294_967_296 + (low >>> 0);
};

const givenUp = Symbol('the search was given up');
