import { asked, type Problem, wanted } from '../api.ts';
import { ActionButton, Form } from '../components/form.tsx';
import { Note, Steps } from '../components/parts.tsx';
import { Instant } from '../components/time.tsx';
import { formPage } from '../form-page.tsx';
import { moneyText, numberText, timeText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { type Appointment, appointmentOf } from './appointment.ts';
import { Countdown } from './countdown.tsx';
import { WhatIsBooked } from './facts.tsx';
import { insteadPage, wantedOf, whyOf } from './instead.tsx';
import { clinicOf, type Reach } from './place.tsx';
import { bookWords } from './words.ts';

/** The third step, of a hold: what is booked, what it costs, until when it is held, and the button that books it. */
export const confirmPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { api, reader } = visit;
  const words = bookWords[reader.locale];
  const appointment = await appointmentOf(visit, id);
  const elsewhere = await notHeld(visit, appointment);
  if (elsewhere !== null) return elsewhere;
  const { startsAt, timeZone, consultationFee: fee, payment, expiresAt, createdAt } = appointment;
  const [doctor, preview, clinic] = await Promise.all([
    wanted(api.doctors[':id'].$get({ param: { id: appointment.doctorId } })),
    wanted(api.appointments[':id']['refund-preview'].$get({ param: { id } })),
    clinicOf(visit, appointment),
  ]);
  const amount = moneyText(fee, reader.locale);
  const mustPay = payment.required && payment.paid === null && fee.amount > 0;
  const until = preview.nextChangeAt === null ? null : timeText(preview.nextChangeAt, timeZone, reader.locale);
  const percent = numberText(preview.percent / 100, reader.locale, { style: 'percent' });
  const policy = mustPay ? policyOf(words.confirm, preview.percent, percent, until) : words.confirm.policyUnpaid;
  const title = appointment.offer === null ? words.confirm.title : words.confirm.offerTitle;
  return formPage(
    visit,
    {
      ...{ title, problem, at: 'appointments', islands: ['countdown'] },
      above: <Steps at={3} label={words.stepsLabel} names={words.steps} />,
    },
    <>
      <Countdown {...{ visit, timeZone }} from={createdAt} until={expiresAt ?? startsAt} />
      <p>
        <strong>
          <Instant visit={visit} at={startsAt} timeZone={timeZone} />
        </strong>{' '}
        · {doctor.fullName} · {visit.words.modes[appointment.mode]}
      </p>
      {(appointment.conflictsWith ?? []).length === 0 ? null : (
        <Note tone="warn">
          <p>{words.confirm.overlap}</p>
        </Note>
      )}
      {doctor.approvalRequired ? (
        <Note>
          <p>{words.confirm.approval(doctor.fullName)}</p>
        </Note>
      ) : null}
      <div class="row">
        <Form visit={visit} action={`/appointments/${id}/${mustPay ? 'pay' : 'confirm'}`} class="inline">
          {mustPay ? <p class="hint">{words.confirm.payHint}</p> : null}
          <button type="submit">
            {mustPay ? words.confirm.pay(amount) : doctor.approvalRequired ? words.confirm.ask : words.confirm.button}
          </button>
        </Form>
        <ActionButton visit={visit} action={`/appointments/${id}/release`}>
          {appointment.offer === null ? words.confirm.release : words.confirm.decline}
        </ActionButton>
      </div>
      <BookedFacts visit={visit} of={appointment} clinic={clinic} mustPay={mustPay} policy={policy} />
    </>,
  );
};

const policyOf = (
  words: (typeof bookWords)['en']['confirm'],
  share: number,
  percent: string,
  until: string | null,
): string => {
  if (share === 0) return words.policyNothing;
  if (until === null) return share === 100 ? words.policyAlways : words.policyPartAlways(percent);
  return share === 100 ? words.policyAll(until) : words.policyPart(percent, until);
};

const BookedFacts = ({
  visit,
  of,
  clinic,
  mustPay,
  policy,
}: {
  readonly visit: Visit;
  readonly of: Appointment;
  readonly clinic: Reach | null;
  readonly mustPay: boolean;
  readonly policy: string;
}) => {
  const { facts, confirm, details } = bookWords[visit.reader.locale];
  const fee = moneyText(of.consultationFee, visit.reader.locale);
  const isFree = of.consultationFee.amount === 0;
  return (
    <WhatIsBooked
      visit={visit}
      of={{
        ...of,
        ...{ doctorName: of.doctorName ?? null, clinicName: of.clinicName ?? null, clinic },
        forWhom: of.patientId === visit.who?.id ? null : (of.patientName ?? null),
      }}
      fee={isFree ? facts.free : mustPay ? facts.feeNow(fee) : facts.feeAtVisit(fee)}
      more={[
        [
          details.reason,
          of.reason == null || of.reason === '' ? null : (
            <>
              {of.reason} <a href={`/appointments/${of.id}/reason`}>{confirm.change}</a>
            </>
          ),
        ],
        [details.symptoms, of.symptoms || null],
        [confirm.policy, isFree ? null : policy],
      ]}
    />
  );
};

/** Where who opens a page about a hold is led when it is none any more; `null` while it is one. */
export const notHeld = async (visit: Visit, appointment: Appointment): Promise<Response | null> => {
  if (appointment.status === 'pending') return null;
  const lost = wantedOf(appointment);
  if (appointment.status === 'expired' && lost !== null) return insteadPage(visit, lost, 'ranOut');
  return visit.go(`/appointments/${appointment.id}`);
};

/** Books what is held, or asks the doctor for it. */
export const confirm = async (visit: Visit, id: string): Promise<Response> => {
  const { api, once } = visit;
  const outcome = await asked(api.appointments[':id'].confirm.$post({ param: { id }, header: once.headers, json: {} }));
  if (outcome.ok) {
    return visit.go(`/appointments/${id}`, outcome.value.status === 'confirmed' ? 'booked' : 'requested');
  }
  return lostOr(visit, id, outcome.problem, () => confirmPage(visit, id, outcome.problem));
};

/** Shows what else is free when a hold was lost, and otherwise what the page shows. */
export const lostOr = async (
  visit: Visit,
  id: string,
  problem: Problem,
  otherwise: () => Promise<Response>,
): Promise<Response> => {
  const why = whyOf(problem);
  if (why === null) return otherwise();
  const lost = wantedOf(await appointmentOf(visit, id));
  return lost === null ? otherwise() : insteadPage(visit, lost, why);
};

/** Lets a held time go. */
export const release = async (visit: Visit, id: string): Promise<Response> => {
  const { api, once } = visit;
  const outcome = await asked(api.appointments[':id'].cancel.$post({ param: { id }, header: once.headers, json: {} }));
  if (!outcome.ok) return lostOr(visit, id, outcome.problem, () => confirmPage(visit, id, outcome.problem));
  const { offer, doctorId } = outcome.value;
  return offer === null ? visit.go(`/doctors/${doctorId}`, 'released') : visit.go('/waitlist', 'released');
};
