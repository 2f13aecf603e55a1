import { fromBase64Url, toBase64Url } from '../domain/base64url.ts';
import { invariant } from '../domain/result.ts';

const version = 'v2';
const ivBytes = 12;
const utf8 = new TextEncoder();

/** Where a sealed text stands. It opens nowhere else. */
export interface Place {
  readonly table: string;
  /** The id of the row; it must never change. */
  readonly row: string;
  readonly column: string;
}

/** Seals a text with AES-256-GCM under a person's data key, bound to the person and the place. */
export const sealText = async (key: CryptoKey, subjectId: string, place: Place, text: string): Promise<string> => {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const algorithm = { name: 'AES-GCM', iv, additionalData: boundTo(subjectId, place) };
  const sealed = await crypto.subtle.encrypt(algorithm, key, utf8.encode(text));
  return `${version}.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}`;
};

/** Opens a sealed text. Throws when it was sealed for another person or place, under another key, or changed since. */
export const openText = async (key: CryptoKey, subjectId: string, place: Place, sealed: string): Promise<string> => {
  const [is, ivText, body] = sealed.split('.');
  const iv = fromBase64Url(ivText ?? '');
  const bytes = fromBase64Url(body ?? '');
  invariant(is === version && iv !== null && bytes !== null, 'stored words are sealed words');
  const algorithm = { name: 'AES-GCM', iv, additionalData: boundTo(subjectId, place) };
  return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes));
};

// JSON keeps the parts apart: no two places share one text.
const boundTo = (subjectId: string, { table, row, column }: Place): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(utf8.encode(JSON.stringify(['daybook words', subjectId, table, row, column])));
