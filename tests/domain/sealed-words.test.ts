import { describe, expect, test } from 'vitest';
import { freshDataKey, keyRing, masterKeyId, masterKeysIn } from '../../src/sealing/key-ring.ts';
import { openText, type Place, sealText } from '../../src/sealing/sealed-text.ts';

const keyOf = (byte: number) => crypto.subtle.importKey('raw', bytesOf(byte), 'AES-GCM', false, ['encrypt', 'decrypt']);
const bytesOf = (byte: number) => new Uint8Array(32).fill(byte);
const base64 = (byte: number) => btoa(String.fromCharCode(...bytesOf(byte)));
const here: Place = { table: 'appointments', row: 'a_1', column: 'reason' };

describe('a patient’s words', () => {
  test('[DP1] come back as they were, in any script, of any length', async () => {
    const key = await keyOf(1);
    const texts = ['Headache', '', 'মাথা ব্যথা, তিন দিন ধরে', 'naïve 😷 \u0000 \n', 'x'.repeat(10_000)];
    for (const text of texts)
      expect(await openText(key, 'u_amina', here, await sealText(key, 'u_amina', here, text))).toBe(text);
  });

  test('[DP1] do not show through, and no two seals are alike', async () => {
    const key = await keyOf(1);
    const [one, two] = [
      await sealText(key, 'u_amina', here, 'Headache'),
      await sealText(key, 'u_amina', here, 'Headache'),
    ];
    expect(one).not.toContain('Headache');
    expect(atob(one.split('.')[2]?.replaceAll('-', '+').replaceAll('_', '/') ?? '')).not.toContain('Headache');
    expect(one).not.toBe(two);
  });

  test('[DP2] open for no other patient, in no other row or column, under no other key', async () => {
    const [key, other] = [await keyOf(1), await keyOf(2)];
    const sealed = await sealText(key, 'u_amina', here, 'Headache');
    for (const [with_, whose, where] of [
      [other, 'u_amina', here],
      [key, 'u_badal', here],
      [key, 'u_amina', { ...here, row: 'a_2' }],
      [key, 'u_amina', { ...here, column: 'symptoms' }],
      [key, 'u_amina', { ...here, table: 'notes' }],
    ] as const) {
      await expect(openText(with_, whose, where, sealed)).rejects.toThrow();
    }
    expect(await openText(key, 'u_amina', here, sealed)).toBe('Headache');
  });

  test('[DP2] a sealed text that was changed, cut or never sealed does not open', async () => {
    const key = await keyOf(1);
    const sealed = await sealText(key, 'u_amina', here, 'Headache');
    const [version, iv, body = ''] = sealed.split('.');
    const flipped = body.startsWith('A') ? `B${body.slice(1)}` : `A${body.slice(1)}`;
    for (const text of [
      `${version}.${iv}.${flipped}`,
      `${version}.${iv}.${body.slice(0, -4)}`,
      `v1.${iv}.${body}`,
      `${version}.${iv}`,
      'Headache',
      '',
    ]) {
      await expect(openText(key, 'u_amina', here, text)).rejects.toThrow();
    }
  });
});

describe('the key ring', () => {
  test('[DP3] wraps by its first key, and unwraps by any of them', async () => {
    const [before, after] = [await keyRing(base64(1)), await keyRing(`${base64(2)}, ${base64(1)}`)];
    const dataKey = freshDataKey();
    const old = await before.wrap('u_amina', dataKey);
    expect(await after.unwrap('u_amina', old)).toEqual(dataKey);
    const fresh = await after.wrap('u_amina', dataKey);
    expect(await before.unwrap('u_amina', fresh)).toBeNull();
    expect(fresh.startsWith(`${await masterKeyId(bytesOf(2))}.`)).toBe(true);
    expect([before.current, after.ids]).toEqual([after.ids[1], [after.current, before.current]]);
  });

  test('[DP3] unwraps nobody’s key for somebody else, and none that was changed or is none', async () => {
    const ring = await keyRing(base64(1));
    const wrapped = await ring.wrap('u_amina', freshDataKey());
    const [id, body = ''] = wrapped.split('.');
    const flipped = body.endsWith('A') ? `${body.slice(0, -2)}BA` : `${body.slice(0, -2)}AA`;
    expect(await ring.unwrap('u_badal', wrapped)).toBeNull();
    for (const text of [`${id}.${flipped}`, `${id}.`, `other.${body}`, 'x', '']) {
      expect(await ring.unwrap('u_amina', text), text).toBeNull();
    }
    expect(await ring.unwrap('u_amina', wrapped)).not.toBeNull();
  });

  test('[DP3] holds one to eight different keys of 32 bytes in base64, and nothing else', () => {
    expect(masterKeysIn(base64(1))).toEqual([bytesOf(1)]);
    expect(masterKeysIn(` ${base64(2)} ,${base64(1)}`)).toEqual([bytesOf(2), bytesOf(1)]);
    expect(masterKeysIn([1, 2, 3, 4, 5, 6, 7, 8].map(base64).join())).toHaveLength(8);
    const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(base64).join();
    for (const text of ['', ',', `${base64(1)},`, nine, `${base64(1)},${base64(1)}`, 'x'.repeat(44), btoa('short')]) {
      expect(masterKeysIn(text), text).toBeNull();
    }
  });
});
