import { ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Badge, Facts, Heading } from '../../components/parts.tsx';
import { Instant } from '../../components/time.tsx';
import { moneyText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { Arrival, ArrivalBadge } from './arrival.tsx';
import { BreakGlass } from './break-glass.tsx';
import { Complete } from './complete.tsx';
import { FollowUp } from './follow-up.tsx';
import { History } from './history.tsx';
import { VisitNote } from './note.tsx';
import { Prescribe } from './prescribe.tsx';
import { type After, problemOf, type Shown, shownOf } from './read.ts';
import { Summary } from './summary.tsx';
import { Vitals } from './vitals.tsx';
import { visitWords } from './words.ts';

/** One visit on one screen: who it is, what is known, and everything that is written of it, each with a form of its own. */
export const visitPage = async (visit: Visit, id: string, after: After | null = null): Promise<Response> => {
  const shown = await shownOf(visit, id, after);
  const words = visitWords[visit.reader.locale];
  const { appointment, chart } = shown;
  const title = words.title(appointment.patientName ?? words.nameless);
  const isRefused = after?.problem != null;
  return visit.show(
    {
      title: `${isRefused ? visit.words.errorPrefix : ''}${title}`,
      at: 'day',
      status: after?.problem?.status,
      islands: ['visit-parts'],
    },
    <>
      <Head shown={shown} title={title} />
      {chart === null ? (
        <BreakGlass shown={shown} />
      ) : (
        <div class="visit">
          <div>
            <Summary shown={shown} profile={chart.profile} />
            <History shown={shown} chart={chart} />
          </div>
          <div>
            <VisitNote shown={shown} note={chart.note} />
            <Vitals shown={shown} entries={chart.entries} />
            <Prescribe shown={shown} />
            <FollowUp shown={shown} standing={chart.followUp} />
            <Complete shown={shown} />
          </div>
        </div>
      )}
    </>,
  );
};

const Head = ({ shown, title }: { readonly shown: Shown; readonly title: string }) => {
  const { visit, appointment } = shown;
  const { id, status, startsAt, timeZone } = appointment;
  const { locale } = visit.reader;
  const words = visitWords[locale];
  const isToCome = status === 'confirmed' && Date.parse(startsAt) > Date.now();
  return (
    <>
      <Heading title={title} lead={<Instant visit={visit} at={startsAt} timeZone={timeZone} withZone />}>
        <a class="button plain" href="/day">
          {words.back}
        </a>
        <Arrival shown={shown} />
        {isToCome ? (
          <a class="button plain" href={`/week/${id}/move`}>
            {words.move}
          </a>
        ) : null}
        {appointment.mode === 'video' && status === 'confirmed' ? (
          <a class="button" href={`/day/${id}/video`}>
            <Icon name="video" /> {words.video}
          </a>
        ) : null}
      </Heading>
      <ProblemSummary visit={visit} problem={problemOf(shown, 'arrival')} />
      <p>
        <ArrivalBadge shown={shown} />{' '}
        {appointment.priority === 'emergency' ? <Badge tone="bad">{words.emergency}</Badge> : null}
      </p>
      <Facts
        of={[
          [words.reason, appointment.reason ?? null],
          [words.symptoms, appointment.symptoms ?? null],
          [words.how, visit.words.modes[appointment.mode] ?? null],
          [words.where, appointment.clinicName ?? null],
          [words.fee, moneyText(appointment.consultationFee, locale)],
          [words.paid, appointment.payment.paid === null ? null : moneyText(appointment.payment.paid, locale)],
        ]}
      />
    </>
  );
};
