/** CRC-32 of PNG (annex D), for one byte each. */
const table = Uint32Array.from({ length: 256 }, (_, i) => {
  let sum = i;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

const next = (sum: number, byte: number): number => (table[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);

/** The CRC-32 of some bytes with so many zeros behind them. */
export const crcOfZeros = (bytes: Uint8Array, count: number): number => {
  let sum = bytes.reduce(next, -1);
  for (let i = 0; i < count; i += 1) sum = next(sum, 0);
  return (sum ^ -1) >>> 0;
};
