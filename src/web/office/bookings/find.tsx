import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { asked, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { dayText, numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { pathOfPatient, wordsFor } from './calls.ts';
import { Views } from './views.tsx';

/** The form that finds a patient. What is looked for is sent, never part of an address. */
export const FindForm = ({ visit, problem = null }: { readonly visit: Visit; readonly problem?: Problem | null }) => {
  const { find } = wordsFor(visit);
  return (
    <search>
      <Form visit={visit} action="/admin/appointments/find" class="row" label={find.title}>
        <div class="grow">
          <Field
            {...{ name: 'who', type: 'search', required: true, maxlength: 120, autocomplete: 'off', problem }}
            label={find.label}
            hint={find.hint}
            value={visit.form.given('who')}
          />
        </div>
        <button type="submit">
          <Icon name="search" /> {find.button}
        </button>
      </Form>
    </search>
  );
};

/** Finds a patient by words of the name, a whole phone number or a whole address. */
export const findPage = (visit: Visit, problem: Problem | null = null): Response => {
  const { find } = wordsFor(visit);
  return formPage(
    visit,
    { title: find.title, at: 'bookings', problem, above: <Views visit={visit} at="/admin/appointments/find" /> },
    <FindForm visit={visit} problem={problem} />,
  );
};

/** What somebody typed who looks for a patient: an address, a number, or the beginning of a name. */
const whoIn = (text: string): { email: string } | { phone: string } | { name: string } => {
  if (text.includes('@')) return { email: text };
  return /^\+?[\d\s().-]{5,}$/.test(text) ? { phone: text } : { name: text };
};

/** A number as it is dialled where one works (anywhere, for who works at no clinic), with its country's code. */
const dialled = async (visit: Visit, phone: string): Promise<string> => {
  if (/^(\+|00)/.test(phone)) return phone;
  const { items } = await wanted(visit.api.clinics.$get({ query: { limit: '100' } as never }));
  const clinic = items.find(({ id }) => visit.who?.clinicIds.includes(id)) ?? items[0];
  const number = parsePhoneNumberFromString(phone, clinic?.country as CountryCode | undefined);
  return number?.number ?? phone;
};

/** Looks for a patient, and leads to the one who is found, or shows all who are. */
export const find = async (visit: Visit): Promise<Response> => {
  const words = wordsFor(visit);
  const who = whoIn(visit.form.text('who').trim());
  const json = 'phone' in who ? { phone: await dialled(visit, who.phone) } : who;
  const found = await asked(visit.api.patients.search.$post({ json }));
  if (!found.ok) {
    const { name, phone, email } = found.problem.fields;
    const fault = name === undefined ? (phone ?? email) : words.find.tooShort;
    return findPage(visit, { ...found.problem, fields: fault === undefined ? {} : { who: fault } });
  }
  const { items } = found.value;
  const [only] = items;
  if (only !== undefined && items.length === 1) return visit.go(pathOfPatient(only.id));
  return formPage(
    visit,
    { title: words.find.title, at: 'bookings', above: <Views visit={visit} at="/admin/appointments/find" /> },
    <>
      <FindForm visit={visit} />
      {items.length === 0 ? (
        <Empty icon="people" title={words.find.none}>
          <p>{words.find.noneHint}</p>
        </Empty>
      ) : (
        <p role="status">{words.find.found(numberText(items.length, visit.reader.locale))}</p>
      )}
      <ul class="cards">
        {items.map(({ id, fullName, birthDate, guardianName, email, phone }) => (
          <li class="card">
            <h2>
              <a href={pathOfPatient(id)} aria-label={words.find.open(fullName)}>
                {fullName}
              </a>
            </h2>
            <p class="soft">
              {[
                birthDate === null
                  ? ''
                  : words.find.born(dayText(`${birthDate}T00:00:00Z`, 'UTC', visit.reader.locale)),
                guardianName === null ? '' : words.find.actsFor(guardianName),
                email,
                phone ?? '',
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </p>
            <p>
              <a
                class="button plain"
                href={`/admin/appointments/book?patient=${id}`}
                aria-label={words.find.bookFor(fullName)}
              >
                {words.find.book}
              </a>
            </p>
          </li>
        ))}
      </ul>
    </>,
  );
};
