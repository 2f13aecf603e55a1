import { longestToken, nameFault, space, type Token, tokensOf } from './pdf-names.ts';
import { type Budget, maxPackedBytes, opaque, packedFault } from './pdf-objects.ts';
import type { Inspector } from './walk.ts';

/** In so many bytes the end of the file says that it is one (ISO 32000-1 annex H). */
const tailBytes = 2_048;

/** Filters by their names and abbreviations (ISO 32000-2 tables 6 and 92). */
const deflating = new Set(['FlateDecode', 'Fl']);
const recoding = new Set([
  ...['ASCIIHexDecode', 'AHx', 'ASCII85Decode', 'A85', 'LZWDecode', 'LZW', 'RunLengthDecode', 'RL', 'Crypt'],
]);
const depicting = new Set(['CCITTFaxDecode', 'CCF', 'JBIG2Decode', 'DCTDecode', 'DCT', 'JPXDecode']);

/** What the dictionary of a stream says, as far as it matters here. */
const dictionary = () => ({
  objStm: false,
  first: false,
  n: false,
  altered: false,
  deflates: 0,
  recodes: 0,
  depicts: 0,
});

/** A stream that is being collected, to be unpacked. */
interface Collecting {
  readonly parts: Uint8Array[];
  length: number;
  readonly isSaid: boolean;
  isCut: boolean;
}

const joined = ({ parts, length }: Collecting): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** What may stand between `stream` and its data: the end of the line, white space, or all that readers pass over to get there. */
const dataBeginnings = [/^(\r\n|\n|\r)?/, new RegExp(`^[${space}]*`), /^[^\r\n]*(\r\n|\n|\r)/];

/** RFC 1950 section 2.2. */
const isDeflate = (first = 0, second = 0): boolean => (first & 15) === 8 && (first * 256 + second) % 31 === 0;

/**
 * Looks at a PDF as it goes by. Names are looked for everywhere, in streams as well, so that nothing can be hidden by what
 * only looks like one. Names can be hidden in object streams alone; those are unpacked, whatever is made to look like
 * the dictionary of another, and what cannot be looked into is not taken.
 */
export const pdfInspector = (): Inspector => {
  const decoder = new TextDecoder('latin1');
  const budget: Budget = { used: 0 };
  let carried: Uint8Array<ArrayBuffer> = new Uint8Array();
  let tail = '';
  let near = dictionary();
  /** Whether the file has named what every object stream must: from then on any stream may be one. */
  const ever = { first: false, n: false };
  let inStream = false;
  let collecting: Collecting | null = null;
  let collectFrom = 0;

  const note = (name: string): void => {
    near.objStm ||= name === 'ObjStm';
    near.first ||= name === 'First';
    near.n ||= name === 'N';
    near.altered ||= name === 'Predictor' || name === 'F';
    ever.first ||= near.first;
    ever.n ||= near.n;
    if (deflating.has(name)) near.deflates += 1;
    if (recoding.has(name)) near.recodes += 1;
    if (depicting.has(name)) near.depicts += 1;
  };

  const collect = (buffer: Uint8Array, to: number): void => {
    if (collecting === null || collecting.isCut) return;
    const part = buffer.slice(collectFrom, Math.max(collectFrom, to));
    collectFrom = Math.max(0, collectFrom - to);
    collecting.parts.push(part);
    collecting.length += part.length;
    collecting.isCut = collecting.length > maxPackedBytes;
  };

  const beginStream = (buffer: Uint8Array, text: string, end: number): string | null => {
    if (collecting !== null) return opaque;
    inStream = true;
    if (!(ever.first && ever.n) && !near.objStm) return null;
    const isSaid = near.objStm || (near.first && near.n);
    if (near.recodes > 0 || (isSaid && (near.depicts > 0 || near.altered || near.deflates > 1))) return opaque;
    const following = text.slice(end, end + longestToken / 2);
    const beginnings = dataBeginnings.map((before) => end + (before.exec(following)?.[0].length ?? 0));
    const packed = beginnings.find((at) => isDeflate(buffer[at], buffer[at + 1]));
    // What is not packed is seen as it goes by.
    if (isSaid ? near.deflates === 0 : packed === undefined) return null;
    const from = packed ?? beginnings[0] ?? end;
    collecting = { parts: [], length: 0, isSaid, isCut: false };
    collectFrom = from;
    return null;
  };

  const endStream = async (buffer: Uint8Array, at: number): Promise<string | null> => {
    inStream = false;
    if (collecting === null) return null;
    collect(buffer, at);
    const { isSaid, isCut } = collecting;
    const bytes = joined(collecting);
    collecting = null;
    return packedFault({ bytes, isSaid, isCut }, budget);
  };

  const meet = (buffer: Uint8Array, text: string, token: Token): string | null | Promise<string | null> => {
    switch (token.type) {
      case 'name':
        note(token.name);
        return nameFault(token.name, text.slice(token.end, token.end + longestToken / 4), inStream);
      case 'object':
        near = dictionary();
        return null;
      case 'stream':
        return beginStream(buffer, text, token.end);
      case 'endstream':
        return endStream(buffer, token.at);
    }
  };

  const endFault = (): string | null => {
    const end = tail.lastIndexOf('%%EOF');
    if (collecting !== null || end < 0) return 'ends before it is whole';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: white space of PDF.
    return /^[\x00\t\n\f\r ]*$/.test(tail.slice(end + 5)) ? null : 'holds something after its end';
  };

  return {
    take: async (block, isLast) => {
      const buffer = new Uint8Array(carried.length + block.length);
      buffer.set(carried);
      buffer.set(block, carried.length);
      const text = decoder.decode(buffer);
      if (tail === '' && !/^%PDF-[12]\.\d/.test(text)) return 'is no PDF';
      tail = (tail + text.slice(carried.length)).slice(-tailBytes);
      let next = isLast ? text.length : Math.max(0, text.length - longestToken);
      for (const token of tokensOf(text, next)) {
        const fault = await meet(buffer, text, token);
        if (fault !== null) return fault;
        next = Math.max(next, token.end);
      }
      collect(buffer, next);
      carried = buffer.slice(next);
      return isLast ? endFault() : null;
    },
  };
};
