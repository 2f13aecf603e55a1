import { asked, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Empty, Pager } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';
import { ListTabs } from './frame.tsx';

const path = '/admin/clinics/organizations';

/** The organizations that clinics belong to. */
export const organizationsPage = async (
  visit: Visit,
  query: Readonly<Record<string, string>>,
  problem: Problem | null = null,
): Promise<Response> => {
  const all = officeWords[visit.reader.locale].clinics;
  const words = all.organizations;
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const { items, nextCursor } = await wanted(
    visit.api.organizations.$get({ query: { limit: '50', ...cursor } as never }),
  );
  return formPage(
    visit,
    {
      ...{ title: all.tabs.organizations, lead: words.lead, at: 'clinics', problem },
      above: <ListTabs visit={visit} at={path} />,
    },
    <>
      {items.length === 0 ? <Empty icon="pin" title={words.none} /> : null}
      <ul class="cards many">
        {items.map(({ id, name }) => (
          <li class="card">
            <h2>{name}</h2>
            <Form visit={visit} action={`${path}/${id}`} class="row" label={words.renameOf(name)}>
              <div class="grow">
                <Field
                  {...{ name: 'name', required: true, maxlength: 120 }}
                  id={`name-${id}`}
                  label={words.name}
                  value={name}
                />
              </div>
              <button type="submit" class="plain">
                {words.rename}
              </button>
            </Form>
          </li>
        ))}
      </ul>
      <Pager visit={visit} nextCursor={nextCursor} />
      <Form visit={visit} action={path} class="narrow" label={words.add}>
        <h2>{words.add}</h2>
        <Field {...{ name: 'name', required: true, maxlength: 120, problem }} label={words.name} />
        <button type="submit">{words.button}</button>
      </Form>
    </>,
  );
};

/** Adds an organization, or renames the one with this id. */
export const saveOrganization = async (visit: Visit, id: string | null): Promise<Response> => {
  const json = { name: visit.form.text('name') };
  const { organizations } = visit.api;
  const saved =
    id === null
      ? await asked(organizations.$post({ json }, visit.once))
      : await asked(organizations[':id'].$put({ param: { id }, json }, visit.once));
  return visit.done(saved, path, 'saved', (problem) => organizationsPage(visit, {}, problem));
};
