import { createHash } from 'node:crypto';

/** SHA-256 that is done within the turn: WebCrypto answers from a thread, which no simulated run may wait for. */
export const simDigest = async (text: string): Promise<string> => createHash('sha256').update(text).digest('hex');
