import { wanted } from '../../api.ts';
import { Empty, Heading, Pager } from '../../components/parts.tsx';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';
import { ListTabs } from './frame.tsx';

/** The clinics: of staff those where they work. */
export const clinicsPage = async (visit: Visit, query: Readonly<Record<string, string>>): Promise<Response> => {
  const words = officeWords[visit.reader.locale].clinics;
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const isStaff = visit.who?.role === 'staff';
  const { items, nextCursor } = await wanted(
    visit.api.clinics.$get({ query: { limit: isStaff ? '100' : '25', ...cursor } as never }),
  );
  const shown = isStaff ? items.filter(({ id }) => visit.who?.clinicIds.includes(id)) : items;
  return visit.show(
    { title: words.title, at: 'clinics' },
    <>
      <Heading title={words.title} lead={words.lead}>
        {can(visit, 'clinic.create') ? (
          <a class="button" href="/admin/clinics/new">
            {words.create}
          </a>
        ) : null}
      </Heading>
      <ListTabs visit={visit} at="/admin/clinics" />
      {shown.length === 0 ? <Empty icon="pin" title={isStaff ? words.noneOwn : words.none} /> : null}
      <ul class="cards many">
        {shown.map(({ id, name, address, city, phone }) => (
          <li class="card">
            <h2>
              <a href={`/admin/clinics/${id}`}>{name}</a>
            </h2>
            <p>{[address, city].join(', ')}</p>
            {phone === null ? null : <p class="soft">{phone}</p>}
          </li>
        ))}
      </ul>
      {isStaff ? null : <Pager visit={visit} nextCursor={nextCursor} />}
    </>,
  );
};
