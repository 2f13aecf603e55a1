import { longestToken, nameFault, space, tokensOf } from './pdf-names.ts';

/** What the objects of a file may come to, so that a few bytes cannot make much work. */
export const maxPackedBytes = 2_000_000;
const maxUnpackedBytes = 16_000_000;
const maxUnpackedOfAll = 48_000_000;
/** Inflated at once: deflate makes at most a thousand times as much of it. */
const sliceBytes = 1_024;
/** Of data that breaks off so many are inflated one by one: what comes with the fault in one slice is lost with it. */
const singleBytes = 4_096;
/** What that counts for in the budget. */
const singlyUsed = 1_000_000;

/** Why a file is not taken that hides what it holds. */
export const opaque = 'holds objects that cannot be looked into';

/** How much has been unpacked of one file. */
export interface Budget {
  used: number;
}

/** A stream, packed by deflate, as it was collected. */
export interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether its dictionary says that it holds objects. If not it may hold some all the same, where a reader is led astray. */
  readonly isSaid: boolean;
  /** Whether it was too long to be collected whole. */
  readonly isCut: boolean;
}

const notSpace = new RegExp(`[^${space}]`);
/** An object stream begins with numbers (ISO 32000-2 7.5.7); a comment may stand before them. */
const beginning = new RegExp(`^(%|\\d{1,10}([${space}]+\\d{1,10}[${space}]|[${space}]*$))`);
const beginningChars = 64;

/**
 * Why the objects in an object stream (ISO 32000-2 7.5.7) are not taken; `null` when they are harmless, or it is none. It
 * is unpacked slice by slice and never lies in memory as a whole.
 */
export const packedFault = async (packed: Packed, budget: Budget): Promise<string | null> => {
  if (packed.isCut && packed.isSaid) return opaque;
  // An end of line may come before `endstream`, and may as well be the last of the data.
  const tail = String.fromCharCode(...packed.bytes.subarray(-2));
  const endings = [/\r\n$/, /[\r\n]$/, /$/].flatMap((end) => end.exec(tail)?.[0].length ?? []);
  for (const ending of new Set(endings)) {
    const bytes = packed.bytes.subarray(0, packed.bytes.length - ending);
    const fault = await unpackedFault({ ...packed, bytes }, budget, false);
    if (fault !== opaque) return fault;
  }
  return opaque;
};

const unpackedFault = async (packed: Packed, budget: Budget, singly: boolean): Promise<string | null> => {
  const { bytes, isSaid, isCut } = packed;
  const { readable, writable } = new DecompressionStream('deflate');
  const writer = writable.getWriter();
  /** Whether it is deflate as far as it goes: then what breaks it off may be an `endstream` that was put into it. */
  let isDeflate = false;
  const feeding = async (): Promise<void> => {
    for (let at = 0, to = 0; at < bytes.length; at = to) {
      to = at + (singly && at < singleBytes ? 1 : sliceBytes);
      isDeflate = at >= singleBytes;
      await writer.write(bytes.subarray(at, to));
    }
    isDeflate = true;
    await writer.close();
  };
  // What is wrong with it shows on the other side.
  feeding().catch(() => undefined);
  const reader = readable.getReader();
  const decoder = new TextDecoder('latin1');
  /** Whether there are objects in it; `null` until its beginning tells. */
  let hasObjects: boolean | null = isSaid ? true : null;
  let text = '';
  let unpacked = 0;
  const judged = async (): Promise<string | null | undefined> => {
    for (;;) {
      const { done, value } = await reader.read();
      text += done ? '' : decoder.decode(value);
      unpacked += value?.length ?? 0;
      budget.used += value?.length ?? 0;
      if (hasObjects === null) {
        const from = text.search(notSpace);
        text = from < 0 ? '' : text.slice(from);
        if (text.length >= beginningChars || (done && from >= 0)) {
          hasObjects = beginning.test(text.slice(0, beginningChars));
        }
        if (hasObjects === false || (done && from < 0)) return null;
      }
      if (unpacked > maxUnpackedBytes || budget.used > maxUnpackedOfAll) {
        return hasObjects === null ? null : 'unpacks to more than is looked into';
      }
      if (hasObjects === null) continue;
      const limit = done ? text.length : Math.max(0, text.length - longestToken);
      for (const token of tokensOf(text, limit)) {
        if (token.type !== 'name') continue;
        const fault = nameFault(token.name, text.slice(token.end, token.end + longestToken / 4), false);
        if (fault !== null) return fault;
      }
      if (done) return isCut && hasObjects ? opaque : null;
      text = text.slice(limit);
    }
  };
  try {
    return (await judged()) ?? null;
  } catch {
    if (hasObjects) return opaque;
    if (singly) return (text === '' ? isDeflate : beginning.test(text.slice(0, beginningChars))) ? opaque : null;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  // Readers take what comes before a fault, a wrong sum or a false end for the whole: what it began with counts.
  budget.used += singlyUsed;
  return unpackedFault(packed, budget, true);
};
