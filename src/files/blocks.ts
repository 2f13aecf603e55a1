/** Bytes that are looked at and sealed at once: what a file has in memory of it. */
export const blockBytes = 65_536;

/** A part of a file, all of {@link blockBytes} but the last. */
export interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isLast: boolean;
}

/** Cuts bytes that come in chunks of any size into blocks; what is empty is one empty block. */
export const blocksOf = async function* (
  chunks: AsyncIterable<Uint8Array>,
  size: number = blockBytes,
): AsyncGenerator<Block> {
  let filling = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === size) {
        yield { bytes: filling, isLast: false };
        filling = new Uint8Array(size);
        filled = 0;
      }
      const part = chunk.subarray(at, at + size - filled);
      filling.set(part, filled);
      filled += part.length;
      at += part.length;
    }
  }
  yield { bytes: filling.subarray(0, filled), isLast: true };
};
