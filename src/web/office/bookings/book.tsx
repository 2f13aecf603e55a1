import { asked, type Problem, wanted } from '../../api.ts';
import { Select, TextArea } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Note, Steps } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { moneyText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { pathOf, pathOfPatient, wordsFor } from './calls.ts';
import { DoctorChoice, DoctorFind, doctorsBy } from './doctor-choice.tsx';
import { FindForm } from './find.tsx';
import { DayChoice, offerOf, SlotChoice } from './slots.tsx';
import { Views } from './views.tsx';

type Query = Readonly<Record<string, string>>;

const path = '/admin/appointments/book';

/** Books for a patient in three steps, each with an address of its own: whom for, with whom, and when. */
export const bookPage = async (visit: Visit, query: Query, problem: Problem | null = null): Promise<Response> => {
  const words = wordsFor(visit);
  const { patient, doctor } = query;
  const step = patient === undefined ? 1 : doctor === undefined ? 2 : 3;
  const above = (
    <>
      <Views visit={visit} at={path} />
      <Steps at={step} label={words.book.stepsLabel} names={words.book.steps} />
    </>
  );
  const name = patient === undefined ? null : await nameOf(visit, patient);
  const page = { title: words.book.title, at: 'bookings', problem, above } as const;
  if (patient === undefined)
    return formPage(
      visit,
      page,
      <>
        <h2>{words.book.whose}</h2>
        <FindForm visit={visit} />
      </>,
    );
  const kept = { patient };
  const whom = (
    <p>
      <a href={pathOfPatient(patient)}>{words.book.forWhom(name ?? words.book.thisPatient)}</a> ·{' '}
      <a href={path}>{words.book.change}</a>
    </p>
  );
  if (doctor === undefined) {
    const items = await doctorsBy(visit, query.q);
    return formPage(
      visit,
      page,
      <>
        {whom}
        <DoctorFind visit={visit} action={path} q={query.q} kept={kept} />
        <DoctorChoice visit={visit} path={path} items={items} kept={kept} />
      </>,
    );
  }
  return timePage(visit, query, { ...page, whom });
};

const timePage = async (
  visit: Visit,
  query: Query,
  { whom, ...page }: Omit<Parameters<typeof formPage>[1], 'whom'> & { readonly whom: unknown },
): Promise<Response> => {
  const words = wordsFor(visit);
  const { patient = '', doctor: doctorId = '' } = query;
  const doctor = await wanted(visit.api.doctors[':id'].$get({ param: { id: doctorId } }));
  const offer = await offerOf(visit, doctor, query);
  const kept = { patient, doctor: doctorId };
  return formPage(
    visit,
    page,
    <>
      {whom}
      <h2>{doctor.fullName}</h2>
      <p>
        {doctor.specialization} · {moneyText(doctor.consultationFee, visit.reader.locale)} ·{' '}
        <a href={`${path}?patient=${patient}`}>{words.book.otherDoctor}</a>
      </p>
      {doctor.paymentRequired ? <Note tone="blue">{words.one.mustPay}</Note> : null}
      <DayChoice visit={visit} offer={offer} path={path} query={kept} />
      <Form visit={visit} action={path} class="stack">
        {Object.entries({ ...kept, date: offer.date, from: offer.first }).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <SlotChoice visit={visit} offer={offer} />
        <TextArea
          {...{ name: 'reason', maxlength: 500, rows: 2, problem: page.problem ?? null }}
          label={`${words.book.reason} (${visit.words.optional})`}
          hint={words.book.reasonHint}
          value={visit.form.given('reason')}
        />
        <Select
          name="priority"
          label={words.book.priority}
          value={visit.form.given('priority') ?? 'routine'}
          options={Object.entries(words.one.priorities)}
        />
        <button type="submit">{words.book.button}</button>
      </Form>
    </>,
  );
};

/** Who is booked for, as far as it can be told from what is known of them already. */
const nameOf = async (visit: Visit, patientId: string): Promise<string | null> => {
  if (can(visit, 'user.read')) {
    const account = await asked(visit.api.admin.users[':id'].$get({ param: { id: patientId } }));
    if (account.ok) return account.value.fullName;
  }
  const theirs = await asked(visit.api.appointments.$get({ query: { patientId, limit: '1' } as never }));
  return theirs.ok ? (theirs.value.items[0]?.patientName ?? null) : null;
};

/** Takes the seat and confirms it. What the patient has to pay for first stays held, and its page says so. */
export const book = async (visit: Visit): Promise<Response> => {
  const { form, api } = visit;
  const query = Object.fromEntries(
    ['patient', 'doctor', 'date', 'from'].flatMap((name) => (form.has(name) ? [[name, form.text(name)]] : [])),
  );
  const reason = form.given('reason');
  const held = await asked(
    api.appointments.$post({
      header: visit.once.headers,
      json: {
        slotId: form.text('slot'),
        patientId: form.text('patient'),
        priority: form.text('priority') === 'emergency' ? 'emergency' : 'routine',
        ...(reason === undefined ? {} : { reason }),
      },
    }),
  );
  if (!held.ok) return bookPage(visit, query, held.problem);
  const { id } = held.value;
  const confirmed = await asked(api.appointments[':id'].confirm.$post({ param: { id }, header: {}, json: {} }));
  if (confirmed.ok) return visit.go(pathOf(id), confirmed.value.status === 'confirmed' ? 'booked_for' : 'asked_doctor');
  if (confirmed.problem.code === 'payment_required') return visit.go(pathOf(id), 'held_to_pay');
  return bookPage(visit, query, confirmed.problem);
};
