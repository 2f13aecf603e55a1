import { asked, type Outcome, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { ActionButton, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty, Heading, Pager } from '../../components/parts.tsx';
import { Instant } from '../../components/time.tsx';
import { timeText } from '../../money-and-time.ts';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import type { Notice } from '../../words/notices.ts';
import { appointmentNow } from '../visit/read.ts';
import { weekWords } from './words.ts';

/** How many answers the list may be behind: each costs a question. */
const mostAnswered = 2;

interface RequestsAsked {
  readonly cursor?: string | undefined;
  /** The requests that were just answered, the last one first: the list may be moments behind. */
  readonly of?: readonly string[] | undefined;
}

/** Patients who ask for a time and wait for the doctor's answer, those first whose time comes first. */
export const requestsPage = async (visit: Visit, given: RequestsAsked, problem: Problem | null = null) => {
  const { reader, api } = visit;
  const { cursor, of = [] } = given;
  const words = weekWords[reader.locale].requests;
  const query = { status: 'awaiting_approval', limit: '20', ...(cursor === undefined ? {} : { cursor }) };
  const { items: listed, nextCursor } = await wanted(api.appointments.$get({ query: query as never }));
  const doubtful = of.slice(0, mostAnswered).filter((id) => listed.some((one) => one.id === id));
  const now = await Promise.all(doubtful.map((id) => appointmentNow(visit, id)));
  const gone = now.flatMap((one) => (one === null || one.status === 'awaiting_approval' ? [] : [one.id]));
  const items = listed.filter(({ id }) => !gone.includes(id));
  return visit.show(
    {
      title: `${problem === null ? '' : visit.words.errorPrefix}${words.title}`,
      at: 'requests',
      status: problem?.status,
      islands: ['live-region'],
    },
    <>
      <Heading title={words.title} lead={words.lead} />
      <ProblemSummary visit={visit} problem={problem} />
      <div id="requests" data-live="30" data-live-said={words.title}>
        {items.length === 0 && nextCursor === null ? (
          <Empty icon="people" title={words.empty}>
            <a class="button plain" href="/week">
              {words.emptyDo}
            </a>
          </Empty>
        ) : null}
        <ul class="cards many">
          {items.map((request) => {
            const name = request.patientName ?? weekWords[reader.locale].nameless;
            return (
              <li class="card">
                <h2>{name}</h2>
                <p>
                  <Instant visit={visit} at={request.startsAt} timeZone={request.timeZone} withZone />
                </p>
                <p class="soft">
                  {visit.words.modes[request.mode]}
                  {request.clinicName == null ? '' : ` · ${request.clinicName}`}
                </p>
                {request.reason ? <p>{request.reason}</p> : null}
                {request.symptoms ? <p class="soft">{request.symptoms}</p> : null}
                {request.expiresAt === null ? null : (
                  <p class="soft">
                    <Icon name="clock" /> {words.until(timeText(request.expiresAt, request.timeZone, reader.locale))}
                  </p>
                )}
                <div class="actions">
                  <ActionButton
                    visit={visit}
                    action={`/requests/${request.id}/accept`}
                    fields={{ before: gone.join(' ') }}
                    kind="main"
                    label={words.acceptOf(name)}
                  >
                    <Icon name="check" /> {words.accept}
                  </ActionButton>
                  <a class="button danger" href={`/requests/${request.id}/decline`} aria-label={words.declineOf(name)}>
                    {words.decline}
                  </a>
                </div>
              </li>
            );
          })}
        </ul>
      </div>
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** The requests without those that were just answered. */
const withoutAnswered = (ids: readonly string[]): string =>
  `/requests?${new URLSearchParams(ids.slice(0, mostAnswered).map((id) => ['of', id]))}`;

/** How a request stands that is not open any more. */
const noticeOf: Readonly<Record<string, Notice>> = {
  confirmed: 'request_accepted_before',
  completed: 'request_accepted_before',
  no_show: 'request_accepted_before',
  rejected: 'request_declined_before',
};

/** On to the requests that are left, saying what became of one that is not open any more. */
const settledBefore = (visit: Visit, { id, status }: { readonly id: string; readonly status: string }): Response =>
  visit.go(withoutAnswered([id]), noticeOf[status] ?? 'request_over');

/** On to the requests that are left: also when this one was answered before, in another window or by the clock. */
const answered = async (
  visit: Visit,
  id: string,
  outcome: Outcome<unknown>,
  notice: Notice,
  again: (problem: Problem) => Promise<Response>,
): Promise<Response> => {
  const before = visit.form.text('before').split(' ').filter(Boolean);
  if (outcome.ok) return visit.go(withoutAnswered([id, ...before]), notice);
  const now = await appointmentNow(visit, id);
  return now === null || now.status === 'awaiting_approval' ? again(outcome.problem) : settledBefore(visit, now);
};

/** Accepts a request. */
export const accept = async (visit: Visit, id: string): Promise<Response> =>
  answered(
    ...([visit, id] as const),
    await asked(visit.api.appointments[':id'].accept.$post({ param: { id }, json: {}, header: {} }, visit.once)),
    'request_accepted',
    (problem) => requestsPage(visit, {}, problem),
  );

/** Asks for the reason of declining a request. */
export const declinePage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const words = weekWords[visit.reader.locale];
  const { title, lead, reason, act } = words.requests.declinePage;
  const appointment = await wanted(visit.api.appointments[':id'].$get({ param: { id } }));
  if (appointment.status !== 'awaiting_approval') return settledBefore(visit, appointment);
  return surePage(visit, {
    title: title(appointment.patientName ?? words.nameless),
    ...{ lead, act, problem, action: `/requests/${id}/decline`, back: '/requests', at: 'requests' },
    children: (
      <Field
        {...{ name: 'reason', required: true, maxlength: 500, problem }}
        label={reason}
        value={visit.form.given('reason')}
      />
    ),
  });
};

/** Declines a request. */
export const decline = async (visit: Visit, id: string): Promise<Response> => {
  const json = { reason: visit.form.text('reason') };
  const declined = await asked(
    visit.api.appointments[':id'].reject.$post({ param: { id }, json, header: {} }, visit.once),
  );
  return answered(visit, id, declined, 'request_declined', (problem) => declinePage(visit, id, problem));
};
