import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import { appointments } from '../../db/schema.ts';
import { liveStatuses } from '../../domain/doctor-day/status.ts';

/** Appointments of a doctor that have a seat and are not over: a condition, to which times are added. */
export const seatedWith = (doctorId: string) =>
  and(
    eq(appointments.doctorId, doctorId),
    isNotNull(appointments.seat),
    inArray(appointments.status, [...liveStatuses]),
  );
