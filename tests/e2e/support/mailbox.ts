import { inject } from 'vitest';
import './provided.ts';

/** A message of the local mailbox. */
export interface Kept {
  readonly id: string;
  readonly channel: 'email' | 'sms' | 'push';
  readonly kind: string;
  readonly to: string;
  readonly subject: string | null;
  readonly text: string;
}

const withinMs = 15_000;

/** The messages to an address, newest first. */
const mailTo = async (to: string): Promise<Kept[]> => {
  const response = await fetch(`${inject('url')}/dev/mailbox`, { headers: { accept: 'application/json' } });
  const { items } = (await response.json()) as { items: Kept[] };
  return items.filter((kept) => kept.to === to);
};

/** The newest message to an address in which a pattern is found, and what it found; waits until there is one. */
const mailed = async (to: string, pattern: RegExp): Promise<{ kept: Kept; found: string }> => {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    for (const kept of await mailTo(to)) {
      const [whole, part] = pattern.exec(`${kept.subject}\n${kept.text}`) ?? [];
      if (whole !== undefined) return { kept, found: part ?? whole };
    }
    if (Date.now() > deadlineMs) throw new Error(`no message to ${to} has ${pattern}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** The newest code of six digits that was sent to an address. */
export const codeTo = async (to: string): Promise<string> => (await mailed(to, /\b(\d{6})\b/)).found;

/** The newest link of ours that was sent to an address, as a path. */
export const linkTo = async (to: string): Promise<string> => {
  const { found } = await mailed(to, new RegExp(`${inject('url')}(/\\S+)`));
  return found;
};
