import { fromBase64Url, toBase64Url } from '../domain/base64url.ts';
import { invariant } from '../domain/result.ts';
import { type Block, blockBytes, blocksOf } from './blocks.ts';

const keyBytes = 32;
const tagBytes = 16;
const utf8 = new TextEncoder();

/** A fresh key for one file, as text to be sealed with its owner's key. */
export const freshFileKey = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(keyBytes)));

const imported = (text: string): Promise<CryptoKey> => {
  const bytes = fromBase64Url(text);
  invariant(bytes?.length === keyBytes, 'a file key is a file key');
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
};

/** How long a file of so many bytes is once it is sealed. */
export const sealedBytes = (bytes: number): number => bytes + tagBytes * Math.max(1, Math.ceil(bytes / blockBytes));

/**
 * How one block is sealed: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) with AES-256-GCM. Its place
 * and whether it is the last are in the nonce and in what is bound to it, so that blocks can be neither changed, moved,
 * dropped nor cut off unnoticed. A key seals one file once, so no nonce comes twice.
 */
const algorithmOf = (documentId: string, index: number, isLast: boolean) => {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setUint32(7, index);
  iv[11] = isLast ? 1 : 0;
  const additionalData = utf8.encode(JSON.stringify(['daybook document', documentId, index, isLast]));
  return { name: 'AES-GCM', iv, additionalData };
};

/** Seals the blocks of a file as they come. */
export const sealedChunks = async function* (
  blocks: AsyncIterable<Block>,
  fileKey: string,
  documentId: string,
): AsyncGenerator<Uint8Array> {
  const key = await imported(fileKey);
  let index = 0;
  for await (const { bytes, isLast } of blocks) {
    yield new Uint8Array(await crypto.subtle.encrypt(algorithmOf(documentId, index, isLast), key, bytes));
    index += 1;
  }
};

/** Opens a sealed file as it is read. Its stream breaks off where a block was changed, moved or is missing. */
export const openedStream = (
  sealed: ReadableStream<Uint8Array>,
  fileKey: string,
  documentId: string,
): ReadableStream<Uint8Array> => {
  const opened = openedChunks(sealed, fileKey, documentId);
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await opened.next();
      if (done) controller.close();
      else if (value.length > 0) controller.enqueue(value);
      else controller.close();
    },
    cancel: async () => {
      await opened.return(undefined);
    },
  });
};

const openedChunks = async function* (
  sealed: ReadableStream<Uint8Array>,
  fileKey: string,
  documentId: string,
): AsyncGenerator<Uint8Array, undefined> {
  const key = await imported(fileKey);
  let index = 0;
  for await (const { bytes, isLast } of blocksOf(sealed, blockBytes + tagBytes)) {
    yield new Uint8Array(await crypto.subtle.decrypt(algorithmOf(documentId, index, isLast), key, bytes));
    index += 1;
  }
  return undefined;
};
