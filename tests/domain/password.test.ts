import { argon2Sync } from 'node:crypto';
import initialize from '@phi-ag/argon2/node';
import { describe, expect, it } from 'vitest';
import {
  passwordFault,
  passwordParameters,
  preparedPassword,
} from '../../src/features/identity/password-parameters.ts';

describe('a prepared password', () => {
  it.each(['Correct-Horse-7', 'Пароль-длинный-7', 'পাসওয়ার্ড-A7', '🔑🔑🔑🔑-Aa7!'])(
    '[ID10] %s hashes as by another implementation of argon2id (RFC 9106)',
    async (password) => {
      const salt = Uint8Array.from({ length: 16 }, (_, i) => i);
      const { hash } = (await initialize()).hash(preparedPassword(password), { ...passwordParameters, salt });
      const expected = argon2Sync('argon2id', {
        message: preparedPassword(password),
        nonce: salt,
        parallelism: passwordParameters.parallelism,
        tagLength: passwordParameters.hashLength,
        memory: passwordParameters.memoryCost,
        passes: passwordParameters.timeCost,
      });
      expect([...hash]).toEqual([...expected]);
    },
  );

  it('[ID9] is ASCII, and differs wherever the passwords do', () => {
    const passwords = ['a', 'á', 'aa', 'a\0', 'а', 'Пароль1!', 'Пароль9?', ''];
    const prepared = passwords.map(preparedPassword);
    expect(new Set(prepared).size).toBe(passwords.length);
    for (const text of prepared) expect(text).toMatch(/^[\x21-\x7e]*$/);
  });

  it('[ID9] is the same for composed and decomposed letters', () => {
    expect(preparedPassword('e\u0301')).toBe(preparedPassword('\u00e9'));
  });
});

it.each([
  ['Aa345-7', /at least 8/],
  ['Ééé-4567', null],
  ['Correct7!', null],
  ['correct7!', /upper-case/],
  ['Correct-!', /digit/],
  ['Correct77', /special/],
  ['Correct 77', /special/],
  [`Aa1!${'x'.repeat(124)}`, null],
  [`Aa1!${'x'.repeat(125)}`, /at most 128/],
  [`Aa1!${'🔑'.repeat(124)}`, null],
])('[ID4] the password %s', (password, why) => {
  if (why === null) expect(passwordFault(password)).toBeNull();
  else expect(passwordFault(password)).toMatch(why);
});
