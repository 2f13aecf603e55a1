import { wanted } from '../api.ts';
import type { Visit } from '../visit.tsx';

/** An appointment as the API shows it to who visits. Throws the page of the problem when there is none for them. */
export const appointmentOf = (visit: Visit, id: string) =>
  wanted(visit.api.appointments[':id'].$get({ param: { id } }));

export type Appointment = Awaited<ReturnType<typeof appointmentOf>>;
