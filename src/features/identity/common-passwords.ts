import { type Refusal, refusal } from '../../domain/refusal.ts';

/** How many of the most common passwords are refused, by how often they were seen in leaks. */
const listed = 20_000;
/** What follows or precedes a common word without making it a password of one's own: `Password1!`. */
const padding = /^[^\p{L}]+|[^\p{L}]+$/gu;
const disguises: Readonly<Record<string, string>> = {
  '@': 'a',
  4: 'a',
  3: 'e',
  1: 'i',
  '!': 'i',
  0: 'o',
  $: 's',
  5: 's',
  7: 't',
};
const shortestWord = 4;

let common: Promise<ReadonlySet<string>> | undefined;

/** Read on first use, once per isolate. */
const commonPasswords = (): Promise<ReadonlySet<string>> => {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set((dictionary['passwords-common'] as readonly string[]).slice(0, listed)),
  );
  return common;
};

const undisguised = (text: string): string => text.replaceAll(/[@431!0$57]/g, (char) => disguises[char] ?? char);

/**
 * What else is wrong with a new password; `null` when nothing is. It must not be one of the most common ones, nor one
 * of them with its letters disguised (`P@ssw0rd`) or with only digits and signs round it, and must not contain the
 * e-mail address, nor the part of it before the `@`, if that has four characters or more.
 */
const commonFault = async (password: string, email: string): Promise<string | null> => {
  const folded = password.normalize('NFC').toLowerCase();
  const address = email.normalize('NFC').toLowerCase();
  const [local = ''] = address.split('@', 1);
  if (folded.includes(local.length >= shortestWord ? local : address)) return 'must not contain your e-mail address';
  const list = await commonPasswords();
  const cores = [folded, folded.replaceAll(padding, '')];
  const forms = cores.flatMap((core) => [core, undisguised(core), undisguised(core).replaceAll(padding, '')]);
  const isCommon = forms.some((form) => form.length >= shortestWord && list.has(form));
  return isCommon ? 'must not be one of the most common passwords' : null;
};

/** The refusal of a password for what {@link commonFault} says; `null` when it says nothing. */
export const commonRefusal = async (password: string, email: string, path = 'password'): Promise<Refusal | null> => {
  const message = await commonFault(password, email);
  return message === null ? null : refusal('invalid_request', undefined, { errors: [{ path, message }] });
};
