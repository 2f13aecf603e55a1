import { fromBase64Url, toBase64Url } from '../domain/base64url.ts';

const keyBytes = 32;
const ivBytes = 12;
const idLength = 8;
const maxKeys = 8;
const utf8 = new TextEncoder();

/** A master key with the id that says which one wrapped a data key. */
interface MasterKey {
  readonly id: string;
  readonly key: CryptoKey;
}

/** The master keys of a deployment. They wrap data keys and nothing else. */
export interface KeyRing {
  /** The key that wraps; the others only unwrap. */
  readonly current: string;
  /** The ids of all of them, the current one first. */
  readonly ids: readonly string[];
  /** Wraps a data key for a person. */
  wrap(subjectId: string, dataKey: Uint8Array<ArrayBuffer>): Promise<string>;
  /** Unwraps; `null` for a key that was wrapped for another person, by a key that is not on the ring, or was changed. */
  unwrap(subjectId: string, wrapped: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** The bytes of each master key in a setting; `null` when it is none, or holds something that is no key. */
export const masterKeysIn = (setting: string): Uint8Array<ArrayBuffer>[] | null => {
  const texts = setting.split(',').map((text) => text.trim());
  if (texts.length > maxKeys || new Set(texts).size < texts.length) return null;
  const keys = texts.map((text) => (/^[A-Za-z0-9+/]{43}=$/.test(text) ? bytesOf(text) : null));
  return keys.every((key) => key?.length === keyBytes) ? (keys as Uint8Array<ArrayBuffer>[]) : null;
};

/** What a master key is called: the beginning of a hash of it, so that no list of names has to be kept beside the keys. */
export const masterKeyId = async (key: Uint8Array<ArrayBuffer>): Promise<string> => {
  const named = new Uint8Array([...utf8.encode('daybook master key '), ...key]);
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', named))).slice(0, idLength);
};

/** A fresh data key. */
export const freshDataKey = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(keyBytes));

let read: { readonly setting: string; readonly ring: Promise<KeyRing> } | undefined;

/**
 * The key ring in a setting: keys of 32 bytes in base64, with commas between them; the first one wraps. Data keys are
 * wrapped by AES-256-GCM with the person's id bound to them, so that nobody's key passes for somebody else's.
 */
export const keyRing = (setting: string): Promise<KeyRing> => {
  if (read?.setting !== setting) read = { setting, ring: ringOf(setting) };
  return read.ring;
};

const ringOf = async (setting: string): Promise<KeyRing> => {
  const keys: readonly MasterKey[] = await Promise.all(
    (masterKeysIn(setting) ?? []).map(async (bytes) => ({
      id: await masterKeyId(bytes),
      key: await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']),
    })),
  );
  const [current] = keys;
  if (current === undefined) throw new Error('MASTER_KEYS holds no key');
  return {
    current: current.id,
    ids: keys.map(({ id }) => id),
    wrap: async (subjectId, dataKey) => {
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
      const algorithm = { name: 'AES-GCM', iv, additionalData: boundTo(subjectId, current.id) };
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, current.key, dataKey));
      return `${current.id}.${toBase64Url(new Uint8Array([...iv, ...sealed]))}`;
    },
    unwrap: async (subjectId, wrapped) => {
      const [id, body] = wrapped.split('.');
      const master = keys.find((key) => key.id === id);
      const bytes = fromBase64Url(body ?? '');
      if (master === undefined || bytes === null) return null;
      const algorithm = {
        name: 'AES-GCM',
        iv: bytes.slice(0, ivBytes),
        additionalData: boundTo(subjectId, master.id),
      };
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, master.key, bytes.slice(ivBytes)));
      } catch {
        return null;
      }
    },
  };
};

const boundTo = (subjectId: string, masterId: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(utf8.encode(JSON.stringify(['daybook data key', subjectId, masterId])));

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
