import Argon2, { Argon2Type } from '@phi-ag/argon2';
import wasm from '@phi-ag/argon2/argon2.wasm';
import { passwordParameters, preparedPassword } from './password-parameters.ts';

/** Made on first use, once per isolate: it keeps 19 MiB of memory. */
let instance: Argon2 | undefined;

const argon2 = (): Argon2 => {
  instance ??= new Argon2(new WebAssembly.Instance(wasm));
  return instance;
};

/** Hashes a password to the encoded form of argon2id, with a salt of its own. */
export const hashPassword = (password: string): string =>
  argon2().hash(preparedPassword(password), { ...passwordParameters, type: Argon2Type.Argon2id }).encoded;

/**
 * Whether a password is the one that was hashed. With `null` for an account that does not exist it works as long and
 * says no, so that the time of an answer does not tell which addresses have accounts.
 */
export const passwordMatches = (encoded: string | null, password: string): boolean => {
  const { success } = argon2().tryVerify(encoded ?? nobodysHash, preparedPassword(password), Argon2Type.Argon2id);
  return success && encoded !== null;
};

/** A hash of random bytes that nobody knows, of the same cost as every other. */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$0VEYbN8EynIjDPv2rw33cA$mzABhcQGAKSoPXLunND1GYLk6QGCt9AUjeL7d13QdN0';
