/** Buckets a power of two is cut into: a value is known to within 1/128, better than one per cent. */
const cuts = 128;
const cutBits = 7;
const buckets = cuts * 40;

/** Latencies in a fixed space, after HdrHistogram: exact to one per cent from a microsecond to hours. */
export class Histogram {
  readonly #counts = new Uint32Array(buckets);
  #total = 0;
  #sumUs = 0;
  #maxUs = 0;

  /** Adds a latency, in ms. */
  add(ms: number): void {
    const us = Math.max(0, Math.round(ms * 1000));
    const index = indexOf(us);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#total += 1;
    this.#sumUs += us;
    this.#maxUs = Math.max(this.#maxUs, us);
  }

  /** How many latencies it holds. */
  get total(): number {
    return this.#total;
  }

  /** The latency that a share of all does not exceed, in ms; 0 when empty. */
  percentile(share: number): number {
    const rank = Math.ceil(this.#total * share);
    let seen = 0;
    for (let index = 0; index < buckets; index += 1) {
      seen += this.#counts[index] ?? 0;
      if (seen >= rank && seen > 0) return Math.min(upperOf(index), this.#maxUs) / 1000;
    }
    return 0;
  }

  /** What is reported of it, in ms. */
  summary(): Latency {
    const rounded = (ms: number): number => Math.round(ms * 100) / 100;
    return {
      count: this.#total,
      mean: rounded(this.#total === 0 ? 0 : this.#sumUs / this.#total / 1000),
      p50: rounded(this.percentile(0.5)),
      p90: rounded(this.percentile(0.9)),
      p99: rounded(this.percentile(0.99)),
      p999: rounded(this.percentile(0.999)),
      max: rounded(this.#maxUs / 1000),
    };
  }
}

/** Latencies in ms. */
export interface Latency {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Below `cuts` each microsecond has a bucket of its own; from there each power of two has `cuts` of them. */
const indexOf = (us: number): number => {
  if (us < cuts) return us;
  const power = Math.floor(Math.log2(us));
  const index = (power - cutBits + 1) * cuts + Math.floor(us / 2 ** (power - cutBits)) - cuts;
  return Math.min(index, buckets - 1);
};

/** The largest value that falls into a bucket, in microseconds. */
const upperOf = (index: number): number => {
  if (index < cuts) return index;
  const power = Math.floor(index / cuts) + cutBits - 1;
  return ((index % cuts) + cuts + 1) * 2 ** (power - cutBits) - 1;
};
