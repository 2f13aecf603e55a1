import type { InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import { Select } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Heading, Meanwhile, Note } from '../../components/parts.tsx';
import { timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { awayFields, choicesIn } from './away.tsx';
import { hoursWords } from './words.ts';

type Plan = InferResponseType<PageApi['doctors'][':id']['absences']['preview']['$post'], 200>;

/**
 * Who is booked while the doctor is away, with a choice for each. Nothing is saved yet.
 *
 * @param hasGrown whether somebody was booked after the plan had been shown
 */
export const planPage = (visit: Visit, plan: Plan, hasGrown = false): Response => {
  const { form, reader } = visit;
  const { locale } = reader;
  const { plan: words, nameless } = hoursWords[locale].away;
  const chosen = new Map(choicesIn(form).map(({ appointmentId, action }) => [appointmentId, action]));
  return visit.show(
    { title: words.title, at: 'timeOff', status: hasGrown ? 409 : undefined },
    <>
      <Heading title={words.title} lead={plan.items.length === 0 ? words.none : words.lead(plan.items.length)} />
      {hasGrown ? <Meanwhile>{words.meanwhile}</Meanwhile> : null}
      <Note>{hoursWords[locale].previewed.notSaved}</Note>
      <Form visit={visit} action="/time-off">
        {awayFields.map((name) => (
          <input type="hidden" name={name} value={form.text(name)} />
        ))}
        <ul class="cards">
          {plan.items.map(({ appointmentId, patientName, startsAt, timeZone, proposedAt, action }, i) => (
            <li class="card">
              <h2>
                <a href={`/day/${appointmentId}`}>{patientName ?? nameless}</a>
              </h2>
              <p>{words.now(timeText(startsAt, timeZone, locale))}</p>
              <input type="hidden" name="appointmentId[]" value={appointmentId} />
              <Select
                {...{ name: 'action[]', id: `action-${i}`, value: chosen.get(appointmentId) ?? action }}
                label={words.action(patientName ?? nameless)}
                options={[
                  ...(proposedAt === null
                    ? []
                    : [['move', words.move(timeText(proposedAt, timeZone, locale))] as const]),
                  ['offer', words.offer],
                  ['cancel', words.cancel],
                ]}
              />
            </li>
          ))}
        </ul>
        <div class="actions below">
          <button type="submit">{words.save}</button>
          <button type="submit" class="plain" formaction="/time-off/plan" name="edit" value="on">
            {words.back}
          </button>
        </div>
      </Form>
    </>,
  );
};
