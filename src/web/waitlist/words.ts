import type { Locale } from '../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { en, type WaitlistWords } from './words.en.ts';

/** The sentences of the pages of the waitlist, by language. */
export const waitlistWords: Readonly<Record<Locale, WaitlistWords>> = { en, bn };
