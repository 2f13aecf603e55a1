import { asked, wanted } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import { Empty, Heading, Pager } from '../../components/parts.tsx';
import type { Visit } from '../../visit.tsx';
import { todayIn } from '../dates.ts';
import { can } from '../gate.ts';
import { wordsFor } from './calls.ts';
import { FindForm } from './find.tsx';
import { Bookings } from './rows.tsx';
import { Views } from './views.tsx';

type Query = Readonly<Record<string, string>>;

const statuses = [
  ...(['pending', 'awaiting_approval', 'confirmed', 'completed'] as const),
  ...(['no_show', 'cancelled', 'rejected', 'expired'] as const),
];

/** Everybody's appointments: of the days and with the filters that stand in the address; by default from today on. */
export const listPage = async (visit: Visit, query: Query): Promise<Response> => {
  const { api, reader } = visit;
  const words = wordsFor(visit);
  const from = query.from ?? todayIn(reader.timeZone);
  const chosen = await chosenDoctor(visit, query);
  const filter = {
    ...(from === '' ? {} : { from }),
    ...(query.to ? { to: query.to } : {}),
    ...(query.clinic ? { clinicId: query.clinic } : {}),
    ...(query.status ? { status: query.status } : {}),
    ...(query.cursor ? { cursor: query.cursor } : {}),
    ...(chosen.id === null ? {} : { doctorId: chosen.id }),
  };
  const [{ items, nextCursor }, clinics] = await Promise.all([
    wanted(api.appointments.$get({ query: { ...filter, limit: '25' } as never })),
    wanted(api.clinics.$get({ query: { limit: '100' } as never })),
  ]);
  const own =
    visit.who?.role === 'staff' ? clinics.items.filter(({ id }) => visit.who?.clinicIds.includes(id)) : clinics.items;
  const labelled = new URLSearchParams({ ...query, from });
  return visit.show(
    { title: words.title, at: 'bookings' },
    <>
      <Heading title={words.title} lead={words.lead}>
        {can(visit, 'visit.read_queue') && chosen.id !== null ? (
          <a class="button plain" href={`/admin/appointments/queue/${chosen.id}`}>
            {words.filters.queue}
          </a>
        ) : null}
      </Heading>
      <Views visit={visit} at="/admin/appointments" />
      <FindForm visit={visit} />
      <search>
        <form method="get" action="/admin/appointments" class="row" aria-label={words.filters.label}>
          <Field name="from" type="date" label={words.filters.from} value={from} />
          <Field name="to" type="date" label={words.filters.to} value={query.to} />
          <Select
            name="clinic"
            label={words.filters.clinic}
            value={query.clinic}
            options={[['', words.filters.anyClinic], ...own.map(({ id, name }) => [id, name] as const)]}
          />
          <Select
            name="status"
            label={words.filters.status}
            value={query.status}
            options={[
              ['', words.filters.anyStatus],
              ...statuses.map((one) => [one, visit.words.statuses[one] ?? one] as const),
            ]}
          />
          <Field
            {...{ name: 'q', type: 'search', maxlength: 100, value: chosen.name ?? query.q, autocomplete: 'off' }}
            label={words.filters.doctor}
          />
          <button type="submit">{words.filters.button}</button>
        </form>
      </search>
      {chosen.candidates.length > 0 ? (
        <nav aria-label={words.filters.which}>
          <p>{words.filters.which}</p>
          <ul class="row">
            {chosen.candidates.map(({ id, fullName }) => {
              labelled.set('doctor', id);
              labelled.set('q', fullName);
              labelled.delete('cursor');
              return (
                <li>
                  <a class="button plain" href={`/admin/appointments?${labelled}`}>
                    {fullName}
                  </a>
                </li>
              );
            })}
          </ul>
        </nav>
      ) : null}
      {chosen.isMissing ? <p role="status">{words.filters.noDoctor}</p> : null}
      {items.length === 0 ? (
        <Empty title={words.list.none} />
      ) : (
        <Bookings visit={visit} caption={words.list.caption} items={items} />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

interface Chosen {
  readonly id: string | null;
  readonly name: string | null;
  /** Several whom the name may mean. */
  readonly candidates: readonly { readonly id: string; readonly fullName: string }[];
  readonly isMissing: boolean;
}

/** The doctor of the filter: by id with the name that was typed for it, else whoever alone is found by the name. */
const chosenDoctor = async (visit: Visit, { doctor, q }: Query): Promise<Chosen> => {
  const nobody = { id: null, name: null, candidates: [], isMissing: false };
  if (doctor !== undefined && (q === undefined || q !== ''))
    return { ...nobody, id: doctor, name: q ?? (await nameOf(visit, doctor)) };
  if (q === undefined || q === '') return nobody;
  const found = await asked(visit.api.doctors.$get({ query: { q, limit: '6' } as never }));
  const items = found.ok ? found.value.items : [];
  const exact = items.filter(({ fullName }) => fullName.toLowerCase() === q.toLowerCase());
  const [only] = exact.length === 1 ? exact : items;
  if (only === undefined) return { ...nobody, isMissing: true };
  if (items.length === 1 || exact.length === 1) return { ...nobody, id: only.id, name: only.fullName };
  return { ...nobody, candidates: items };
};

const nameOf = async (visit: Visit, id: string): Promise<string | null> => {
  const doctor = await asked(visit.api.doctors[':id'].$get({ param: { id } }));
  return doctor.ok ? doctor.value.fullName : null;
};
