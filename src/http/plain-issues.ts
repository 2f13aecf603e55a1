import { z } from '@hono/zod-openapi';

const expected: Readonly<Record<string, string>> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
  record: 'must be an object',
};

const formats: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  url: 'must be an address such as https://example.com',
  uuid: 'must be a UUID',
  datetime: 'must be an instant such as 2026-12-01T03:00:00Z',
  base64url: 'must be base64url',
};

const amount = (origin: string, count: number | bigint): string => {
  if (origin === 'string') return count === 1 ? '1 character' : `${count} characters`;
  return count === 1 ? '1 item' : `${count} items`;
};

const counted = new Set(['string', 'array', 'set']);

/** What is wrong with a value, as a person reads it after the name of the field: never with words of the library. */
const plainly = (issue: z.core.$ZodRawIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : (expected[issue.expected] ?? 'has the wrong type');
    case 'too_small':
      if (!counted.has(issue.origin)) return `must be at least ${issue.minimum}`;
      return issue.minimum === 1 ? 'must not be empty' : `must have at least ${amount(issue.origin, issue.minimum)}`;
    case 'too_big':
      if (!counted.has(issue.origin)) return `must be at most ${issue.maximum}`;
      return `must have at most ${amount(issue.origin, issue.maximum)}`;
    case 'invalid_value':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${issue.values.map(String).join(', ')}`.replace(/, ([^,]*)$/, ' or $1');
    case 'invalid_format':
      return formats[issue.format] ?? 'has the wrong form';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'is not a known field';
    case 'invalid_union':
      return 'is none of the forms that are allowed';
    default:
      return 'is not valid';
  }
};

/**
 * Has every schema say what is wrong in plain sentences, where it has no sentence of its own. In one place, and for the
 * whole Worker: whatever validates, a person may come to read it.
 */
export const speakPlainly = (): void => {
  z.config({ localeError: plainly });
};
