import { asked, type Problem, problemFor, wanted } from '../../api.ts';
import { ActionButton } from '../../components/form.tsx';
import { Badge, Empty, Facts, Pager, Table } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { numberText, timeText } from '../../money-and-time.ts';
import { problemPage } from '../../problem-page.tsx';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';
import { secretPage } from './webhooks.tsx';

interface Place {
  readonly id: string;
  readonly webhookId: string;
}

const missing = problemFor('not_found');
const pathOf = ({ id, webhookId }: Place, step = ''): string => `/admin/webhooks/${id}/${webhookId}${step}`;

/** One webhook: how it stands, and what it was told. */
export const webhookPage = async (
  visit: Visit,
  place: Place,
  query: Readonly<Record<string, string>>,
  problem: Problem | null = null,
): Promise<Response> => {
  const { reader, api } = visit;
  const words = officeWords[reader.locale].reports.webhooks;
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const [hooks, told] = await Promise.all([
    wanted(api.clinics[':id'].webhooks.$get({ param: { id: place.id }, query: { limit: '100' } as never })),
    wanted(
      api.clinics[':id'].webhooks[':webhookId'].deliveries.$get({
        param: place,
        query: { limit: '25', ...cursor } as never,
      }),
    ),
  ]);
  const hook = hooks.items.find(({ id }) => id === place.webhookId);
  if (hook === undefined) return problemPage(visit, missing);
  const time = (at: string | null) => (at === null ? null : timeText(at, reader.timeZone ?? 'UTC', reader.locale));
  return formPage(
    visit,
    {
      ...{ title: hook.url, at: 'webhooks', problem },
      lead: <a href={`/admin/webhooks?clinic=${place.id}`}>{words.all}</a>,
    },
    <>
      <Facts
        of={[
          [
            words.state,
            <>
              <Badge tone={hook.enabled ? 'good' : 'bad'}>{hook.enabled ? words.on : words.off}</Badge>{' '}
              {hook.offReason === null ? '' : (words.offReasons[hook.offReason] ?? hook.offReason)}
            </>,
          ],
          [words.events, hook.events === null ? words.everything : (hook.events as string[]).join(', ')],
          [words.created, time(hook.createdAt)],
          [words.lastTaken, time(hook.lastTakenAt)],
          [words.failingSince, time(hook.failingSince)],
          [words.previous, time(hook.previousSecretUntil)],
        ]}
      />
      <div class="actions">
        <ActionButton visit={visit} action={pathOf(place)} fields={{ enabled: hook.enabled ? 'false' : 'true' }}>
          {hook.enabled ? words.switchOff : words.switchOn}
        </ActionButton>
        <a class="button plain" href={pathOf(place, '/rotate')}>
          {words.rotate}
        </a>
        <a class="button danger" href={pathOf(place, '/remove')}>
          {words.remove}
        </a>
      </div>
      <h2>{words.deliveries}</h2>
      {told.items.length === 0 ? (
        <Empty icon="bell" title={words.noDeliveries} />
      ) : (
        <Table
          stacks
          caption={words.deliveries}
          head={[words.at, words.event, words.state, words.tries, words.answer, '']}
          rows={told.items.map((one) => [
            time(one.happenedAt),
            <a href={`/admin/appointments/${one.appointmentId}`}>{one.type}</a>,
            <Badge tone={one.state === 'delivered' ? 'good' : one.state === 'failed' ? 'bad' : 'plain'}>
              {words.states[one.state] ?? one.state}
            </Badge>,
            numberText(one.attempts, reader.locale),
            one.lastAnswer ?? '',
            <ActionButton
              visit={visit}
              action={pathOf(place, `/deliveries/${one.id}/replay`)}
              label={words.replayOf(time(one.happenedAt) ?? '')}
            >
              {words.replay}
            </ActionButton>,
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={told.nextCursor} />
    </>,
  );
};

const one = (visit: Visit) => visit.api.clinics[':id'].webhooks[':webhookId'];

/** Switches a webhook on or off. */
export const switchWebhook = async (visit: Visit, param: Place): Promise<Response> => {
  const json = { enabled: visit.form.text('enabled') === 'true' };
  const saved = await asked(one(visit).$put({ param, json }, visit.once));
  return visit.done(saved, pathOf(param), 'saved', (problem) => webhookPage(visit, param, {}, problem));
};

/** Posts what it was told once more. */
export const replay = async (visit: Visit, place: Place, deliveryId: string): Promise<Response> => {
  const param = { ...place, deliveryId };
  const sent = await asked(one(visit).deliveries[':deliveryId'].replay.$post({ param }, visit.once));
  return visit.done(sent, pathOf(place), 'sent_again', (problem) => webhookPage(visit, place, {}, problem));
};

/** Asks whether it is to have a new secret, or to be deleted. */
export const askPage = (visit: Visit, place: Place, what: 'rotate' | 'remove'): Response => {
  const words = officeWords[visit.reader.locale].reports.webhooks;
  const said =
    what === 'rotate'
      ? { title: words.rotateTitle, lead: words.rotateLead, act: words.rotate }
      : { title: words.removeTitle, lead: words.removeLead, act: words.remove };
  return surePage(visit, { ...said, at: 'webhooks', action: pathOf(place, `/${what}`), back: pathOf(place) });
};

/** Gives a webhook a new secret, and shows it. */
export const rotate = async (visit: Visit, param: Place): Promise<Response> => {
  const made = await asked(one(visit)['rotate-secret'].$post({ param }, visit.once));
  return made.ok ? secretPage(visit, made.value) : webhookPage(visit, param, {}, made.problem);
};

/** Deletes a webhook. */
export const removeWebhook = async (visit: Visit, param: Place): Promise<Response> => {
  const gone = await asked(one(visit).$delete({ param }));
  return visit.done(gone, `/admin/webhooks?clinic=${param.id}`, 'removed', (problem) => problemPage(visit, problem));
};
