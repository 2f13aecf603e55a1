import type { Locale } from '../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { type AppointmentWords, en } from './words.en.ts';

/** The sentences of the pages of appointments, by language. */
export const appointmentWords: Readonly<Record<Locale, AppointmentWords>> = { en, bn };
