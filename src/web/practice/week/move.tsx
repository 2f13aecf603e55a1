import { parseSlotId } from '../../../domain/ids.ts';
import { addDays } from '../../../domain/local-date.ts';
import { localDateOf } from '../../../domain/zoned-time.ts';
import { asked, type Problem, wanted } from '../../api.ts';
import { whyOf } from '../../book/instead.tsx';
import { Check } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Empty, Heading } from '../../components/parts.tsx';
import { clockText, dateText, timeText, zoneText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { dateOr, daysShown, freeFrom } from './read.ts';
import { VideoMark } from './week.tsx';
import { weekWords } from './words.ts';

interface Wish {
  /** The first date whose free times are shown. */
  readonly from?: string | undefined;
  /** The slot that a visit was dragged to: there is only to say yes. */
  readonly slot?: string | undefined;
  /** The slot that was just refused. The copy that free times are read from may be a moment behind, and show it. */
  readonly lost?: string | undefined;
}

/** Moving a visit: to one of the free times of seven days, or to the one that it was dragged to. */
export const movePage = async (visit: Visit, id: string, wish: Wish, problem: Problem | null = null) => {
  const { reader, api } = visit;
  const { locale } = reader;
  const appointment = await wanted(api.appointments[':id'].$get({ param: { id } }));
  const { timeZone, startsAt } = appointment;
  const words = weekWords[locale].movePage;
  const chosen = problem === null ? parseSlotId(wish.slot ?? '') : null;
  const today = localDateOf(Date.now(), timeZone);
  const day = localDateOf(Date.parse(startsAt), timeZone);
  const from = dateOr(wish.from, day > today ? day : today);
  const free = chosen === null ? await freeFrom(visit, from) : new Map<string, never[]>();
  const title = words.title(appointment.patientName ?? weekWords[locale].nameless);
  const open = [...free]
    .map(([date, slots]) => [date, slots.filter(({ id: slot }) => slot !== wish.lost)] as const)
    .filter(([, slots]) => slots.length > 0);
  return visit.show(
    { title: `${problem === null ? '' : visit.words.errorPrefix}${title}`, at: 'week', status: problem?.status },
    <>
      <Heading
        title={title}
        lead={words.now(`${timeText(startsAt, timeZone, locale)} (${zoneText(timeZone, locale, startsAt)})`)}
      />
      <ProblemSummary visit={visit} problem={problem} />
      {chosen === null ? (
        <nav class="actions" aria-label={words.choose}>
          {from > today ? (
            <a class="button plain" href={`/week/${id}/move?from=${addDays(from, -daysShown)}`}>
              {weekWords[locale].earlier}
            </a>
          ) : null}
          <a class="button plain" href={`/week/${id}/move?from=${addDays(from, daysShown)}`}>
            {weekWords[locale].later}
          </a>
        </nav>
      ) : (
        <p>
          <strong>{words.sure(timeText(new Date(chosen.startsAtMs).toISOString(), timeZone, locale))}</strong>
        </p>
      )}
      {chosen === null && open.length === 0 ? <Empty title={words.none} /> : null}
      {chosen === null && open.length === 0 ? null : (
        <Form visit={visit} action={`/week/${id}/move`}>
          {chosen === null ? null : <input type="hidden" name="slotId" value={wish.slot} />}
          <input type="hidden" name="from" value={from} />
          {open.map(([date, slots]) => (
            <fieldset>
              <legend>{dateText(date, locale)}</legend>
              <div class="times">
                {slots.map((slot) => (
                  <Check
                    {...{ name: 'slotId', type: 'radio', required: true, value: slot.id }}
                    label={
                      <>
                        {clockText(slot.startsAt, timeZone, locale)} <VideoMark visit={visit} mode={slot.mode} />
                      </>
                    }
                  />
                ))}
              </div>
            </fieldset>
          ))}
          <div class="actions">
            <button type="submit">{words.save}</button>
            {chosen === null ? null : (
              <a class="button plain" href={`/week/${id}/move`}>
                {words.others}
              </a>
            )}
            <a class="button plain" href={`/week?from=${day}`}>
              {visit.words.cancel}
            </a>
          </div>
        </Form>
      )}
    </>,
  );
};

/** Moves a visit to a slot; on to the week that it is in then. */
export const move = async (visit: Visit, id: string): Promise<Response> => {
  const { form, api } = visit;
  const slotId = form.text('slotId');
  const moved = await asked(
    api.appointments[':id'].reschedule.$post({ param: { id }, json: { slotId }, header: {} }, visit.once),
  );
  const date = parseSlotId(slotId)?.day.date;
  return visit.done(moved, date === undefined ? '/week' : `/week?from=${date}`, 'visit_moved', (problem) =>
    movePage(visit, id, { from: form.given('from'), lost: whyOf(problem) === null ? undefined : slotId }, problem),
  );
};
