import type { Locale } from '../../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { en, type StandingWords } from './words.en.ts';

/** The sentences of the waitlist, reviews, figures and the profile of a doctor, by language. */
export const standingWords: Readonly<Record<Locale, StandingWords>> = { en, bn };
