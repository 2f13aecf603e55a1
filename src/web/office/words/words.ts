import type { Locale } from '../../../domain/notifications/preferences.ts';
import { bn as actionsBn } from './actions.bn.ts';
import { type ActionWords, en as actionsEn } from './actions.en.ts';
import { bn as bookingsBn } from './bookings.bn.ts';
import { type BookingWords, en as bookingsEn } from './bookings.en.ts';
import { bn as clinicsBn } from './clinics.bn.ts';
import { type ClinicWords, en as clinicsEn } from './clinics.en.ts';
import { bn as dashboardBn } from './dashboard.bn.ts';
import { type DashboardWords, en as dashboardEn } from './dashboard.en.ts';
import { bn as peopleBn } from './people.bn.ts';
import { type PeopleWords, en as peopleEn } from './people.en.ts';
import { bn as reportsBn } from './reports.bn.ts';
import { type ReportWords, en as reportsEn } from './reports.en.ts';
import { bn as systemBn } from './system.bn.ts';
import { type SystemWords, en as systemEn } from './system.en.ts';

interface OfficeWords {
  readonly actions: ActionWords;
  readonly bookings: BookingWords;
  readonly clinics: ClinicWords;
  readonly dashboard: DashboardWords;
  readonly people: PeopleWords;
  readonly reports: ReportWords;
  readonly system: SystemWords;
}

/** The sentences of the pages of staff and admins, by language. */
export const officeWords: Readonly<Record<Locale, OfficeWords>> = {
  en: {
    actions: actionsEn,
    bookings: bookingsEn,
    clinics: clinicsEn,
    dashboard: dashboardEn,
    people: peopleEn,
    reports: reportsEn,
    system: systemEn,
  },
  bn: {
    actions: actionsBn,
    bookings: bookingsBn,
    clinics: clinicsBn,
    dashboard: dashboardBn,
    people: peopleBn,
    reports: reportsBn,
    system: systemBn,
  },
};
