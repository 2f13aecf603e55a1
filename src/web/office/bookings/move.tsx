import { localDateOf } from '../../../domain/zoned-time.ts';
import { asked, type Problem, wanted } from '../../api.ts';
import { Form } from '../../components/form.tsx';
import { formPage } from '../../form-page.tsx';
import { timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { pathOf, wordsFor } from './calls.ts';
import { DoctorChoice, DoctorFind, doctorsBy } from './doctor-choice.tsx';
import { DayChoice, offerOf, SlotChoice } from './slots.tsx';

type Query = Readonly<Record<string, string>>;

/** Other times for an appointment: of its doctor, or of another (`doctor`, found by `q`). */
export const movePage = async (
  visit: Visit,
  id: string,
  query: Query,
  problem: Problem | null = null,
): Promise<Response> => {
  const { api, reader } = visit;
  const words = wordsFor(visit);
  const item = await wanted(api.appointments[':id'].$get({ param: { id } }));
  const doctor = await wanted(api.doctors[':id'].$get({ param: { id: query.doctor ?? item.doctorId } }));
  const others = query.q ? await doctorsBy(visit, query.q) : null;
  // Who calls to move a visit mostly wants another time near it.
  const own = { from: localDateOf(Date.parse(item.startsAt), doctor.timeZone) };
  const offer = query.q ? null : await offerOf(visit, doctor, query.date === undefined ? { ...own, ...query } : query);
  const path = pathOf(id, 'move');
  const kept: Query = query.doctor === undefined ? {} : { doctor: query.doctor };
  return formPage(
    visit,
    {
      ...{ title: words.move.title, at: 'bookings', problem },
      lead: words.move.now(timeText(item.startsAt, item.timeZone, reader.locale), item.doctorName ?? ''),
    },
    <>
      <details open={Boolean(query.q)}>
        <summary>{words.move.otherDoctor}</summary>
        <DoctorFind visit={visit} action={path} q={query.q} />
        {others === null ? null : <DoctorChoice visit={visit} path={path} items={others} />}
      </details>
      {offer === null ? null : (
        <>
          <h2>{doctor.fullName}</h2>
          <DayChoice visit={visit} offer={offer} path={path} query={kept} />
          <Form visit={visit} action={path} class="stack">
            {Object.entries({ ...kept, date: offer.date, from: offer.first }).map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
            <SlotChoice visit={visit} offer={offer} />
            <div class="actions">
              <button type="submit">{words.move.button}</button>
              <a class="button plain" href={pathOf(id)}>
                {visit.words.back}
              </a>
            </div>
          </Form>
        </>
      )}
    </>,
  );
};

/** Moves an appointment to the slot that was chosen. */
export const move = async (visit: Visit, id: string): Promise<Response> => {
  const { form } = visit;
  const json = { slotId: form.text('slot') };
  const moved = await asked(
    visit.api.appointments[':id'].reschedule.$post({ param: { id }, header: visit.once.headers, json }),
  );
  const query = Object.fromEntries(
    ['doctor', 'date', 'from'].flatMap((name) => (form.has(name) ? [[name, form.text(name)]] : [])),
  );
  return visit.done(moved, pathOf(id), 'moved_for', (problem) => movePage(visit, id, query, problem));
};
