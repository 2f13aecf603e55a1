import { toBase64Url } from '../../src/domain/base64url.ts';

/** Data as CBOR holds it, as far as authenticators use it (RFC 8949). */
type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

const utf8 = new TextEncoder();
const joined = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const head = (major: number, value: number): Uint8Array => {
  const type = major << 5;
  if (value < 24) return Uint8Array.of(type | value);
  if (value < 256) return Uint8Array.of(type | 24, value);
  return Uint8Array.of(type | 25, value >> 8, value & 255);
};

const cbor = (value: Cbor): Uint8Array => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return joined(head(3, utf8.encode(value).length), utf8.encode(value));
  if (value instanceof Uint8Array) return joined(head(2, value.length), value);
  return joined(head(5, value.size), ...[...value].flatMap(([key, one]) => [cbor(key), cbor(one)]));
};

/** An integer of a signature as DER holds it: no leading zeros but one where the first bit would say "negative". */
const derInteger = (bytes: Uint8Array): Uint8Array => {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.slice(start === -1 ? bytes.length - 1 : start);
  const body = (short[0] ?? 0) > 127 ? joined(Uint8Array.of(0), short) : short;
  return joined(Uint8Array.of(2, body.length), body);
};

const derSignature = (raw: Uint8Array): Uint8Array => {
  const body = joined(derInteger(raw.slice(0, 32)), derInteger(raw.slice(32)));
  return joined(Uint8Array.of(0x30, body.length), body);
};

/** What an attack makes different from what an honest browser and authenticator say. */
export interface Twist {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  /** Whether the user was verified, and present. */
  readonly verified?: boolean;
  readonly present?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  /** Signs with another key. */
  readonly signWith?: CryptoKey;
  /** Claims another credential. */
  readonly id?: string;
}

const flagsOf = (twist: Twist, attested: boolean): number =>
  (twist.present === false ? 0 : 1) | (twist.verified === false ? 0 : 4) | (attested ? 64 : 0);

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/**
 * An authenticator and the browser round it, in software: a P-256 key that makes a passkey for a site and signs with it,
 * by WebAuthn level 3 and CTAP 2 canonical CBOR.
 */
export const softwareKey = async (
  site = 'http://daybook.test',
  credentialId = crypto.getRandomValues(new Uint8Array(32)),
) => {
  const { publicKey, privateKey } = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const point = new Uint8Array((await crypto.subtle.exportKey('raw', publicKey)) as ArrayBuffer);
  const id = toBase64Url(credentialId);
  let counter = 0;
  let userHandle = '';

  const clientData = (type: string, challenge: string, twist: Twist): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(
      utf8.encode(
        JSON.stringify({
          type: twist.type ?? type,
          challenge: twist.challenge ?? challenge,
          origin: twist.origin ?? site,
          crossOrigin: twist.crossOrigin ?? false,
        }),
      ),
    );

  const authenticatorData = async (twist: Twist, attested: Uint8Array | null): Promise<Uint8Array<ArrayBuffer>> => {
    const rpIdHash = await sha256(Uint8Array.from(utf8.encode(twist.rpId ?? new URL(site).hostname)));
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, twist.counter ?? counter);
    return joined(rpIdHash, Uint8Array.of(flagsOf(twist, attested !== null)), count, attested ?? new Uint8Array());
  };

  return {
    id,
    privateKey,
    /** Makes a passkey by options, as `navigator.credentials.create` would. */
    create: async (options: { challenge: string; user: { id: string } }, twist: Twist = {}) => {
      userHandle = options.user.id;
      const cose = cbor(
        new Map<number, Cbor>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, point.slice(1, 33)],
          [-3, point.slice(33)],
        ]),
      );
      const attested = joined(new Uint8Array(16), Uint8Array.of(0, credentialId.length), credentialId, cose);
      const attestationObject = cbor(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', await authenticatorData(twist, attested)],
        ]),
      );
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: toBase64Url(clientData('webauthn.create', options.challenge, twist)),
          attestationObject: toBase64Url(attestationObject),
          transports: ['internal'],
        },
      };
    },
    /** Signs in by options, as `navigator.credentials.get` would. */
    sign: async (options: { challenge: string }, twist: Twist = {}) => {
      counter += 1;
      const data = await authenticatorData(twist, null);
      const client = clientData('webauthn.get', options.challenge, twist);
      const raw = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        twist.signWith ?? privateKey,
        joined(data, await sha256(client)),
      );
      return {
        id: twist.id ?? id,
        rawId: twist.id ?? id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: toBase64Url(client),
          authenticatorData: toBase64Url(data),
          signature: toBase64Url(derSignature(new Uint8Array(raw))),
          userHandle: twist.userHandle ?? userHandle,
        },
      };
    },
  };
};

export type SoftwareKey = Awaited<ReturnType<typeof softwareKey>>;
