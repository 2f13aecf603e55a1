import { toBase64Url } from '../../domain/base64url.ts';
import { sha256 } from '../audit/digest.ts';

const tokenBytes = 24;
const prefixes = { doctor: 'd', patient: 'p' } as const;

/** A new token: 192 random bits, behind a letter that says as whom its owner has appointments. */
export const newToken = (kind: keyof typeof prefixes): string =>
  `${prefixes[kind]}_${toBase64Url(crypto.getRandomValues(new Uint8Array(tokenBytes)))}`;

/** What is stored of a token. It has too many bits to be tried out, so that its hash needs no key. */
export const tokenHash = (token: string): Promise<string> => sha256(`daybook calendar feed ${token}`);

/** The token in the name of a file, `<token>.ics`, and what it says of its feed; `null` when there is none. */
export const tokenIn = (file: string): { readonly token: string; readonly kind: keyof typeof prefixes } | null => {
  const [, token, letter] = /^(([dp])_[\w-]{32})\.ics$/.exec(file) ?? [];
  return token === undefined ? null : { token, kind: letter === prefixes.doctor ? 'doctor' : 'patient' };
};

/** How to subscribe: the address in both its forms, and what to do with it. */
export const addressOf = (appUrl: string, token: string) => {
  const url = `${appUrl}/calendar/${token}.ics`;
  return { url, webcalUrl: url.replace(/^https?:/, 'webcal:'), instructions };
};

const instructions = [
  {
    program: 'Google Calendar',
    steps:
      'On a computer: “Other calendars”, “+”, “From URL”, paste the https address. Google looks again every few hours, ' +
      'and nobody can make it look sooner.',
  },
  {
    program: 'Apple Calendar',
    steps:
      'Open the webcal address on the device. Or on a Mac: “File”, “New Calendar Subscription…”, paste the https ' +
      'address, and choose how often it shall look.',
  },
  {
    program: 'Outlook',
    steps: 'In the calendar: “Add calendar”, “Subscribe from web”, paste the https address, give it a name, “Import”.',
  },
];
