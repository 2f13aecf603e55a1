import { env } from 'cloudflare:workers';
import { call } from './api.ts';
import type { Cast } from './cast.ts';

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];
const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** CRC-32 bit by bit, as PNG annex D defines it. */
const crc = (bytes: readonly number[]): number => {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
};

/** A chunk of a PNG. */
export const chunk = (type: string, data: readonly number[]): number[] => {
  const named = [...ascii(type), ...data];
  return [...u32(data.length), ...named, ...u32(crc(named))];
};

/** The chunks of a PNG that whoever reads it can trust: each with its type, and whether its checksum is right. */
export const chunksOf = (bytes: Uint8Array): { type: string; data: number[]; isRight: boolean }[] => {
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
    const named = [...bytes.subarray(at + 4, at + 8 + length)];
    const isRight = crc(named) === new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 8 + length);
    found.push({ type: String.fromCharCode(...named.slice(0, 4)), data: named.slice(4), isRight });
    at += 12 + length;
  }
  return found;
};

const signature = [0x89, ...ascii('PNG'), 0x0d, 0x0a, 0x1a, 0x0a];

/** A PNG with further chunks before its data, and bytes behind its end. */
export const png = (
  { width = 2, height = 2 } = {},
  more: readonly number[] = [],
  behind: readonly number[] = [],
): Uint8Array =>
  new Uint8Array([
    ...signature,
    ...chunk('IHDR', [...u32(width), ...u32(height), 8, 2, 0, 0, 0]),
    ...more,
    ...chunk('IDAT', [1, 2, 3]),
    ...chunk('IEND', []),
    ...behind,
  ]);

/** A segment of a JPEG. */
export const segment = (marker: number, data: readonly number[]): number[] => [
  0xff,
  marker,
  ...u16(data.length + 2),
  ...data,
];

/** Exif that says how to turn the picture, and where it was taken. */
export const exif = (orientation: number): number[] =>
  segment(0xe1, [
    ...[...ascii('Exif\0\0II*\0'), 8, 0, 0, 0, 2, 0],
    ...[0x0e, 0x01, 2, 0, 8, 0, 0, 0, 50, 0, 0, 0],
    ...[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
    ...[0, 0, 0, 0],
    ...ascii('GPS 23.74N 90.37E'),
  ]);

/** A JPEG with further segments before its frame. */
export const jpeg = ({ width = 2, height = 2 } = {}, more: readonly number[] = [], behind: readonly number[] = []) =>
  new Uint8Array([
    ...[0xff, 0xd8],
    ...segment(0xe0, [...ascii('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...more,
    ...segment(0xc0, [8, ...u16(height), ...u16(width), 1, 1, 0x11, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...[1, 2, 0xff, 0, 3, 0xff, 0xd0, 4],
    ...[0xff, 0xd9],
    ...behind,
  ]);

/** Sends a picture, as a browser does. */
export const sendPicture = (
  as: { readonly token: string } | null,
  bytes: Uint8Array,
  type = bytes[0] === 0x89 ? 'image/png' : 'image/jpeg',
  length: string | null = String(bytes.length),
  more: Readonly<Record<string, string>> = {},
): Promise<Response> => {
  const headers = new Headers({ 'content-type': type, ...more });
  if (as !== null) headers.set('authorization', `Bearer ${as.token}`);
  if (length !== null) headers.set('content-length', length);
  return call('/users/me/picture', { method: 'PUT', headers, body: bytes });
};

/** Everybody of the cast has a picture, so far as D1 knows. */
export const withPictures = async ({ members }: Cast): Promise<Record<string, never>> => {
  const made = env.DB.prepare(
    `insert or ignore into pictures (object_key, account_id, media_type, width, height, created_at_ms, stored_at_ms)
     values (?, ?, 'image/png', 2, 2, 0, 0)`,
  );
  await env.DB.batch(Object.values(members).map(({ id }) => made.bind(`pictures/${crypto.randomUUID()}`, id)));
  return {};
};

/** The doctor of the cast has a picture. */
export const pictureOfDoctor = async ({ members }: Cast): Promise<{ params: { id: string } }> => {
  const sent = await sendPicture(members.ownDoctor, png());
  if (sent.status !== 204) throw new Error(`picture: ${sent.status} ${await sent.text()}`);
  return { params: { id: members.ownDoctor.id } };
};
