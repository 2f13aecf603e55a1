import { fromBase64Url, toBase64Url } from '../../src/domain/base64url.ts';

const utf8 = new TextEncoder();
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = fromBase64Url(text);
  if (bytes === null) throw new Error('not base64url');
  return bytes;
};

const joined = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const hkdf = async (
  secret: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  info: Uint8Array<ArrayBuffer>,
  length: number,
) => {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8));
};

/** What a browser keeps of its subscription. */
export interface Subscriber {
  readonly privateKey: CryptoKey;
  readonly p256dh: string;
  readonly auth: string;
}

/** A browser that subscribes. */
export const subscriber = async (): Promise<Subscriber> => {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ])) as CryptoKeyPair;
  const point = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer);
  const auth = crypto.getRandomValues(new Uint8Array(16));
  return { privateKey: pair.privateKey, p256dh: toBase64Url(point), auth: toBase64Url(auth) };
};

/** The browser of the example in RFC 8291, section 5, and what it is sent there. */
export const exampleOfTheRfc = async (): Promise<{
  readonly browser: Subscriber;
  readonly body: Uint8Array<ArrayBuffer>;
}> => {
  const p256dh = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4';
  const point = bytesOf(p256dh);
  const jwk = {
    ...{ kty: 'EC', crv: 'P-256', d: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94' },
    ...{ x: toBase64Url(point.slice(1, 33)), y: toBase64Url(point.slice(33)) },
  };
  const privateKey = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, [
    'deriveBits',
  ]);
  const body = bytesOf(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y' +
      'l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
  return { browser: { privateKey, p256dh, auth: 'BTBZMqHH6r4Tts7J_aSIgg' }, body };
};

/**
 * Reads what was sent to a browser, as RFC 8291 section 3 and RFC 8188 say: one record, padded. Throws when it was not
 * encrypted for it.
 */
export const read = async (
  { privateKey, p256dh, auth }: Subscriber,
  body: Uint8Array<ArrayBuffer>,
): Promise<string> => {
  const salt = body.slice(0, 16);
  const recordSize = new DataView(body.buffer, body.byteOffset).getUint32(16);
  const senderPoint = body.slice(21, 21 + (body[20] ?? 0));
  const record = body.slice(21 + senderPoint.length);
  if (record.length > recordSize) throw new Error('more than one record');
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const sender = await crypto.subtle.importKey('raw', senderPoint, curve, false, []);
  // The platform's types call the member by another name than the standard and the platform itself.
  const agreement = { name: 'ECDH', public: sender } as unknown as SubtleCryptoDeriveKeyAlgorithm;
  const shared = new Uint8Array(await crypto.subtle.deriveBits(agreement, privateKey, 256));
  const keyInfo = joined(utf8.encode('WebPush: info\0'), bytesOf(p256dh), senderPoint);
  const secret = await hkdf(shared, bytesOf(auth), keyInfo, 32);
  const contentKey = await hkdf(secret, salt, joined(utf8.encode('Content-Encoding: aes128gcm\0')), 16);
  const nonce = await hkdf(secret, salt, joined(utf8.encode('Content-Encoding: nonce\0')), 12);
  const key = await crypto.subtle.importKey('raw', contentKey, 'AES-GCM', false, ['decrypt']);
  const padded = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, record));
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 2) throw new Error('not the last record');
  return new TextDecoder().decode(padded.slice(0, end));
};
