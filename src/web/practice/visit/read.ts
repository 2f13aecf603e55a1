import type { InferResponseType } from 'hono/client';
import { whyNotBegun } from '../../../domain/visits/begun.ts';
import { asked, type Outcome, type PageApi, type Problem, Unanswered, wanted } from '../../api.ts';
import type { Visit } from '../../visit.tsx';

export type Appointment = InferResponseType<PageApi['appointments'][':id']['$get'], 200>;
export type Chart = InferResponseType<PageApi['patients'][':id']['chart']['$get'], 200>;
export type Profile = Chart['profile'];
export type Entries = Chart['entries'];
export type Note = NonNullable<Chart['note']>;
export type Standing = InferResponseType<PageApi['appointments'][':id']['queue']['$get'], 200>;
export type Check = InferResponseType<PageApi['prescriptions']['check']['$post'], 200>;

/** The parts of the screen that have a form. */
export type PartName = 'arrival' | 'note' | 'vitals' | 'prescription' | 'follow-up' | 'complete' | 'break-glass';

/** What the screen is shown after: a form that was refused, or medicines that were checked. */
export interface After {
  readonly part: PartName;
  readonly problem: Problem | null;
  readonly check?: Check;
}

/** All that the screen of a visit shows. */
export interface Shown {
  readonly visit: Visit;
  readonly appointment: Appointment;
  /** `null` where the record is closed to the doctor. */
  readonly chart: Chart | null;
  /** When the patient came and was called in; `null` of what is not to come. */
  readonly standing: Standing | null;
  /** Why nothing is written of it now; `null` once the visit has begun. */
  readonly closed: 'too_early' | 'over' | null;
  readonly after: After | null;
}

/** What is found, or nothing where it is not for the reader. Anything else that goes wrong is the page's end. */
export const unlessHidden = <T>(outcome: Outcome<T>): T | null => {
  if (outcome.ok) return outcome.value;
  if (outcome.problem.status === 404 || outcome.problem.status === 403) return null;
  throw new Unanswered(outcome.problem);
};

/** An appointment as its day has it, where lists may be moments behind; `null` of what is not for the reader. */
export const appointmentNow = async ({ api }: Visit, id: string) =>
  unlessHidden(await asked(api.appointments[':id'].$get({ param: { id } })));

/** Asks for all of a visit: the appointment first, for it names the patient; their chart, and how it stands, at once. */
export const shownOf = async (visit: Visit, id: string, after: After | null): Promise<Shown> => {
  const { api } = visit;
  const appointment = await wanted(api.appointments[':id'].$get({ param: { id } }));
  const of = { param: { id: appointment.patientId }, query: { appointmentId: id } };
  const [chart, standing] = await Promise.all([
    asked(api.patients[':id'].chart.$get(of)).then(unlessHidden),
    appointment.status === 'confirmed'
      ? asked(api.appointments[':id'].queue.$get({ param: { id } })).then((found) => (found.ok ? found.value : null))
      : null,
  ]);
  const startsAtMs = Date.parse(appointment.startsAt);
  const isCalledIn = standing?.calledAt != null;
  const refusal = whyNotBegun({ status: appointment.status, startsAtMs, isCalledIn }, Date.now());
  const closed = refusal === null ? null : refusal.code === 'too_early' ? 'too_early' : 'over';
  return { visit, appointment, chart, standing, closed, after };
};

/** The problem of a part, when it is the one that was refused. */
export const problemOf = ({ after }: Shown, part: PartName): Problem | null =>
  after?.part === part ? after.problem : null;

/** What was typed into a field of a part that was refused; nothing in any other. */
export const typed = ({ after, visit }: Shown, part: PartName, name: string): string | undefined =>
  after?.part === part ? visit.form.given(name) : undefined;

/** Marks a part that shows what was typed and is not saved, such as a form that was refused. */
export const draft = (isDraft: boolean) => (isDraft ? { 'data-draft': '' } : {});
