import { asked } from '../api.ts';
import { type Appointment, appointmentOf } from '../book/appointment.ts';
import { WhatIsBooked } from '../book/facts.tsx';
import { clinicOf, type Reach } from '../book/place.tsx';
import { bookWords } from '../book/words.ts';
import { Icon } from '../components/icon.tsx';
import { Heading, Note, StatusBadge } from '../components/parts.tsx';
import { Instant } from '../components/time.tsx';
import { moneyText, timeText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { Actions } from './actions.tsx';
import { Afterwards, summaryOf } from './afterwards.tsx';
import { Brought } from './bring.tsx';
import { Money } from './money.tsx';
import { AtTheVisit, standingOf } from './visit-part.tsx';
import { appointmentWords } from './words.ts';

const liveStatuses: readonly string[] = ['awaiting_approval', 'confirmed'];

/** An appointment: all its facts, and what can be done about it. Who practises sees it, and is led to their own pages. */
export const appointmentPage = async (visit: Visit, id: string): Promise<Response> => {
  const { api, reader } = visit;
  const words = appointmentWords[reader.locale];
  const appointment = await appointmentOf(visit, id);
  if (visit.who?.role !== 'patient') return readOnly(visit, appointment);
  if (appointment.status === 'pending') return visit.go(`/appointments/${id}/confirm`);
  const isLive = liveStatuses.includes(appointment.status);
  const [money, standing, summary, clinic] = await Promise.all([
    asked(api.appointments[':id'].payment.$get({ param: { id } })),
    standingOf(visit, appointment),
    summaryOf(visit, appointment),
    clinicOf(visit, appointment),
  ]);
  const status = visit.words.statuses[appointment.status] ?? '';
  return visit.show(
    { title: words.one.title(appointment.doctorName ?? ''), at: 'appointments', islands: isLive ? ['fresh'] : [] },
    <>
      <Heading title={words.one.title(appointment.doctorName ?? '')} />
      <section data-fresh="20" data-said={words.one.statusNow(status)}>
        <p class="row">
          <StatusBadge visit={visit} status={appointment.status} />
          {isLive ? (
            <a href={`/appointments/${id}`} class="soft">
              {words.one.lookAgain}
            </a>
          ) : null}
        </p>
        <AtTheVisit visit={visit} appointment={appointment} standing={standing} />
      </section>
      <p class="unseen" role="status" data-fresh-said />
      <AllFacts visit={visit} of={appointment} clinic={clinic} />
      <Notes visit={visit} of={appointment} />
      <Actions visit={visit} of={appointment} isCalledIn={standing?.queue?.calledAt != null} />
      <Brought
        visit={visit}
        of={appointment}
        isLive={isLive}
        documents={summary?.ok ? summary.value.documents : null}
      />
      <Afterwards visit={visit} of={appointment} summary={summary} />
      {money.ok ? <Money visit={visit} of={money.value} timeZone={appointment.timeZone} /> : null}
    </>,
  );
};

const AllFacts = ({
  visit,
  of,
  clinic,
}: {
  readonly visit: Visit;
  readonly of: Appointment;
  readonly clinic: Reach | null;
}) => {
  const words = appointmentWords[visit.reader.locale].one;
  const { facts } = bookWords[visit.reader.locale];
  const { consultationFee: fee, payment, timeZone } = of;
  const amount = moneyText(fee, visit.reader.locale);
  const isPaid = payment.paid !== null;
  const isToCome = liveStatuses.includes(of.status);
  const at = (instant: string) => <Instant visit={visit} at={instant} timeZone={timeZone} />;
  return (
    <WhatIsBooked
      visit={visit}
      of={{
        ...of,
        ...{ doctorName: of.doctorName ?? null, clinicName: of.clinicName ?? null, clinic },
        forWhom: of.patientId === visit.who?.id ? null : (of.patientName ?? null),
      }}
      fee={fee.amount === 0 ? facts.free : isToCome && !isPaid && !payment.required ? facts.feeAtVisit(amount) : amount}
      more={[
        [words.reason, of.reason ?? null],
        [words.symptoms, of.symptoms ?? null],
        [words.statusReason, of.statusReason ?? null],
        [words.resources, of.resources.map(({ name }) => name).join(', ')],
        [words.answeredBy, of.status === 'awaiting_approval' && of.expiresAt !== null ? at(of.expiresAt) : null],
        [words.attendance, of.attendanceConfirmedAt == null ? null : at(of.attendanceConfirmedAt)],
        [words.emergency, of.priority === 'emergency' ? visit.words.yes : null],
      ]}
    />
  );
};

const Notes = ({ visit, of }: { readonly visit: Visit; readonly of: Appointment }) => {
  const words = appointmentWords[visit.reader.locale].one;
  return (
    <>
      {of.outsideSchedule ? (
        <Note tone="warn">
          <p>{words.outside}</p>
        </Note>
      ) : null}
      {(of.conflictsWith ?? []).map(({ appointmentId, startsAt }) => (
        <Note tone="warn">
          <p>
            <a href={`/appointments/${appointmentId}`}>
              {words.overlap(timeText(startsAt, of.timeZone, visit.reader.locale))}
            </a>
          </p>
        </Note>
      ))}
    </>
  );
};

const readOnly = (visit: Visit, appointment: Appointment): Response => {
  const words = appointmentWords[visit.reader.locale].one;
  const title = words.titleOf(appointment.patientName ?? '');
  return visit.show(
    { title },
    <>
      <Heading title={title} />
      <p>
        <StatusBadge visit={visit} status={appointment.status} />
      </p>
      <AllFacts visit={visit} of={appointment} clinic={null} />
      {visit.who?.role === 'doctor' ? (
        <p>
          <a class="button" href={`/day?date=${localDateOf(appointment.startsAt, appointment.timeZone)}`}>
            <Icon name="calendar" /> {words.doctorView}
          </a>
        </p>
      ) : (
        <Note>
          <p>{words.notPatient}</p>
        </Note>
      )}
    </>,
  );
};

const localDateOf = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(instant));
