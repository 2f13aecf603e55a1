import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours a text for the terminal; plain where colours are not wanted (NO_COLOR, a pipe). */
export const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

export const say = (text = ''): void => console.log(text);

/** Ends the process with one sentence that says what is wrong and what to do about it. */
export const fail: (sentence: string) => never = (sentence) => {
  console.error(styleText('red', sentence, { stream: process.stderr }));
  process.exit(1);
};

/** Asks a question. `null` where nobody is there to answer. */
export const ask = async (question: string): Promise<string | null> => {
  if (!process.stdin.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
};

/** Asks for something that must not appear on the screen. `null` where nobody is there to answer. */
export const askSecret = async (question: string): Promise<string | null> => {
  if (!process.stdin.isTTY) return null;
  process.stdout.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stdout.write('\n');
  }
};
