import { addDays, parseLocalDate, utcDate } from '../../domain/local-date.ts';
import { asked, type Problem, wanted } from '../api.ts';
import { Field, Select } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Empty } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { waitlistWords } from './words.ts';

/** How many days a wish spans unless somebody says otherwise. */
const daysWished = 14;

/** The form to wait for a doctor: on which dates, at which time of day, for whom. */
export const joinPage = async (
  visit: Visit,
  doctorId: string | undefined,
  wish: string | undefined,
  problem: Problem | null = null,
): Promise<Response> => {
  const { api, reader, form } = visit;
  const { join: words, list } = waitlistWords[reader.locale];
  if (doctorId === undefined) {
    return formPage(
      visit,
      { title: words.title, at: 'appointments' },
      <Empty icon="search" title={words.choose}>
        <a class="button plain" href="/">
          {words.find}
        </a>
      </Empty>,
    );
  }
  const [doctor, { items: dependants }] = await Promise.all([
    wanted(api.doctors[':id'].$get({ param: { id: doctorId } })),
    wanted(api.users.me.dependants.$get()),
  ]);
  const today = utcDate(Date.now());
  const asFrom = (wish === undefined ? null : parseLocalDate(wish)) ?? today;
  const from = asFrom < today ? today : asFrom;
  const last = addDays(today, doctor.bookingWindowDays - 1);
  const to = addDays(from, daysWished);
  return formPage(
    visit,
    { title: words.title, lead: words.lead(doctor.fullName), problem, at: 'appointments' },
    <Form visit={visit} action="/waitlist/join" class="narrow">
      <input type="hidden" name="doctorId" value={doctorId} />
      {dependants.length === 0 ? null : (
        <Select
          name="patientId"
          label={words.forWhom}
          value={form.given('patientId')}
          options={[['', words.me], ...dependants.map(({ id, fullName }) => [id, fullName] as const)]}
        />
      )}
      <Field
        {...{ name: 'from', type: 'date', required: true, min: today, max: last, problem }}
        label={words.from}
        value={form.given('from') ?? from}
      />
      <Field
        {...{ name: 'to', type: 'date', required: true, min: today, max: last, problem }}
        label={words.to}
        hint={words.toHint}
        value={form.given('to') ?? (to > last ? last : to)}
      />
      <Select name="part" label={words.part} value={form.given('part')} options={Object.entries(list.parts)} />
      {doctor.modes.length < 2 ? null : (
        <Select
          name="mode"
          label={words.mode}
          value={form.given('mode')}
          options={[
            ['', visit.words.any],
            ...doctor.modes.map((mode) => [mode, visit.words.modes[mode] ?? mode] as const),
          ]}
        />
      )}
      <p class="row">
        <button type="submit">
          <Icon name="bell" /> {words.button}
        </button>
        <a href={`/doctors/${doctorId}`}>{visit.words.back}</a>
      </p>
    </Form>,
  );
};

/** Joins the line. */
export const join = async (visit: Visit): Promise<Response> => {
  const { api, form, once } = visit;
  const outcome = await asked(
    api.waitlist.$post(
      {
        json: {
          doctorId: form.text('doctorId'),
          patientId: form.given('patientId'),
          from: form.text('from'),
          to: form.text('to'),
          part: (form.given('part') ?? 'any') as 'any',
          mode: form.given('mode') as 'video' | undefined,
        },
      },
      { headers: once.headers },
    ),
  );
  if (!outcome.ok) return joinPage(visit, form.given('doctorId'), form.given('from'), outcome.problem);
  return visit.go(`/waitlist/${outcome.value.id}`, 'waiting');
};
