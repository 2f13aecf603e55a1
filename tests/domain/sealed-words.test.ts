import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../src/features/appointments/words.ts';

const keyOf = (byte: number) => btoa(String.fromCharCode(...new Uint8Array(32).fill(byte)));
const amina = wordsOf(keyOf(1), 'u_amina');

describe('a patient’s words', () => {
  test('[DD35] come back as they were, in any script, of any length', async () => {
    const texts = ['Headache', '', 'মাথা ব্যথা, তিন দিন ধরে', 'naïve 😷 \u0000 \n', 'x'.repeat(10_000)];
    for (const text of texts) expect(await amina.open(await amina.seal(text))).toBe(text);
  });

  test('[DD35] do not show through, and no two seals are alike', async () => {
    const [one, two] = [await amina.seal('Headache'), await amina.seal('Headache')];
    expect(one).not.toContain('Headache');
    expect(atob(one.split('.')[2]?.replaceAll('-', '+').replaceAll('_', '/') ?? '')).not.toContain('Headache');
    expect(one).not.toBe(two);
  });

  test('[DD35] nothing stays nothing', async () => {
    expect([await amina.seal(null), await amina.seal(undefined), await amina.open(null)]).toEqual([
      null,
      undefined,
      null,
    ]);
  });

  test('[DD35] open for no other patient and under no other key', async () => {
    const sealed = await amina.seal('Headache');
    await expect(wordsOf(keyOf(1), 'u_badal').open(sealed)).rejects.toThrow();
    await expect(wordsOf(keyOf(2), 'u_amina').open(sealed)).rejects.toThrow();
    expect(await wordsOf(keyOf(1), 'u_amina').open(sealed)).toBe('Headache');
  });

  test('[DD35] a sealed text that was changed, cut or never sealed does not open', async () => {
    const sealed = await amina.seal('Headache');
    const [version, iv, body = ''] = sealed.split('.');
    const flipped = body.startsWith('A') ? `B${body.slice(1)}` : `A${body.slice(1)}`;
    for (const text of [
      `${version}.${iv}.${flipped}`,
      `${version}.${iv}.${body.slice(0, -4)}`,
      `v2.${iv}.${body}`,
      `${version}.${iv}`,
      'Headache',
      '',
    ]) {
      await expect(amina.open(text)).rejects.toThrow();
    }
  });
});
