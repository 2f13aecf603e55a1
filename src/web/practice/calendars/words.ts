import type { Locale } from '../../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { type CalendarWords, en } from './words.en.ts';

/** The sentences of calendar feeds, by language. */
export const calendarWords: Readonly<Record<Locale, CalendarWords>> = { en, bn };
