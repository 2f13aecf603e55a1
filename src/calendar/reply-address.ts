import { keyedMac } from '../sealing/keyed-mac.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const tokenBytes = 20;

/** Whose answer to which appointment. */
export interface ReplyKey {
  readonly appointmentId: string;
  /** The account that is invited. */
  readonly accountId: string;
}

/**
 * The token that an answer to an invitation must bring: 160 bits of an HMAC-SHA-256 under DATA_KEY over the appointment
 * and the account invited. Nothing is stored for it. It is in base32, since mail servers may fold the case of an address.
 *
 * @param dataKey the secret, base64
 */
export const replyToken = async (dataKey: string, { appointmentId, accountId }: ReplyKey): Promise<string> => {
  const mac = await keyedMac(dataKey, 'calendar reply', appointmentId, accountId);
  return base32(mac.subarray(0, tokenBytes));
};

/**
 * The address that answers to an invitation go to. It stands as ORGANIZER, which is where every program sends its answer
 * (RFC 6047 section 2.3); an `X-` property would not come back, since most programs do not repeat those.
 *
 * @param inbox where the Email Worker reads, `calendar@reply.example.org`; the token goes behind a `+` (RFC 5233)
 */
export const replyAddress = async (inbox: string, dataKey: string, key: ReplyKey): Promise<string> => {
  const at = inbox.lastIndexOf('@');
  return `${inbox.slice(0, at)}+${await replyToken(dataKey, key)}${inbox.slice(at)}`;
};

/** The token in an address that a mail was sent to; `null` when it is no address of the inbox, or has none. */
export const tokenIn = (inbox: string, address: string): string | null => {
  const at = inbox.lastIndexOf('@');
  const [prefix, suffix] = [`${inbox.slice(0, at)}+`.toLowerCase(), inbox.slice(at).toLowerCase()];
  const to = address.trim().toLowerCase();
  if (!to.startsWith(prefix) || !to.endsWith(suffix)) return null;
  const token = to.slice(prefix.length, to.length - suffix.length);
  return /^[a-z2-7]{32}$/.test(token) ? token : null;
};

/** RFC 4648 section 6, lower case; the length is a multiple of five bytes, so nothing is padded. */
const base32 = (bytes: Uint8Array): string => {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
};
