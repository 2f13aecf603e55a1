import type { InferResponseType } from 'hono/client';
import type { Status } from '../../../domain/doctor-day/appointment.ts';
import { hasEnded } from '../../../domain/doctor-day/status.ts';
import type { PageApi } from '../../api.ts';
import type { Visit } from '../../visit.tsx';
import type { BookingWords } from '../words/bookings.en.ts';
import { officeWords } from '../words/words.ts';

/** An appointment as the API shows it to staff and admins. */
export type Booking = InferResponseType<PageApi['appointments']['$get'], 200>['items'][number];

/** Where an appointment is, and what is done to it: the paths of these pages. */
export const pathOf = (id: string, step = ''): string => `/admin/appointments/${id}${step === '' ? '' : `/${step}`}`;

/** Where all of a patient's appointments are. */
export const pathOfPatient = (id: string): string => `/admin/appointments/of/${id}`;

/** The words of these pages in the reader's language. */
export const wordsFor = (visit: Visit): BookingWords => officeWords[visit.reader.locale].bookings;

/** Whether something can still be done to an appointment. */
export const isLive = ({ status }: { readonly status: Status }): boolean => !hasEnded(status);
