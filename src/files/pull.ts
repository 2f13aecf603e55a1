/** Bytes that come in chunks of any size, taken in the portions that a reader needs. */
export interface Bytes {
  /** The next so many, in memory of their own. For what is short. */
  take(count: number): Promise<Uint8Array>;
  /** The next so many, as they come. */
  pass(count: number): AsyncGenerator<Uint8Array>;
  skip(count: number): Promise<void>;
  /** All that is left. */
  rest(): AsyncGenerator<Uint8Array>;
  /** The coded data of a JPEG's scan, to the marker that ends it, which it returns and does not give. */
  untilMarker(belongs: (marker: number) => boolean): AsyncGenerator<Uint8Array, number>;
}

/** @param ended what is thrown when they end too early */
export const bytesOf = (chunks: AsyncIterable<Uint8Array>, ended: () => Error): Bytes => {
  const source = chunks[Symbol.asyncIterator]();
  let here: Uint8Array = new Uint8Array();

  /** Makes sure that there is something; `false` at the end. */
  const more = async (): Promise<boolean> => {
    while (here.length === 0) {
      const { done, value } = await source.next();
      if (done) return false;
      here = value;
    }
    return true;
  };
  const portion = async (most: number): Promise<Uint8Array> => {
    if (!(await more())) throw ended();
    const part = here.subarray(0, most);
    here = here.subarray(part.length);
    return part;
  };
  const pass = async function* (count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      const part = await portion(left);
      left -= part.length;
      yield part;
    }
  };
  const take = async (count: number): Promise<Uint8Array> => {
    const taken = new Uint8Array(count);
    let filled = 0;
    for await (const part of pass(count)) {
      taken.set(part, filled);
      filled += part.length;
    }
    return taken;
  };

  return {
    take,
    pass,
    skip: async (count) => {
      for await (const _ of pass(count));
    },
    rest: async function* () {
      while (await more()) {
        yield here;
        here = here.subarray(here.length);
      }
    },
    untilMarker: async function* (belongs) {
      for (;;) {
        if (!(await more())) throw ended();
        const end = endOfCoded(here, belongs);
        yield here.subarray(0, end);
        here = here.subarray(end);
        if (here.length === 0) continue;
        const [, marker = 0] = await take(2);
        if (!belongs(marker)) return marker;
        yield new Uint8Array([0xff, marker]);
      }
    },
  };
};

/** Where the first 0xff stands that does not belong to coded data, or is the last byte that is known. */
const endOfCoded = (bytes: Uint8Array, belongs: (marker: number) => boolean): number => {
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 2)) {
    const next = bytes[at + 1];
    if (next === undefined || !belongs(next)) return at;
  }
  return bytes.length;
};
