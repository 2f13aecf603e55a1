import { asked, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Empty, Pager, Table } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { dayText } from '../../money-and-time.ts';
import { problemPage } from '../../problem-page.tsx';
import { surePage } from '../../sure-page.tsx';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';
import { ClinicTabs } from './frame.tsx';

/** Who works at a clinic, and adding somebody. */
export const staffPage = async (
  visit: Visit,
  id: string,
  query: Readonly<Record<string, string>>,
  problem: Problem | null = null,
): Promise<Response> => {
  const { reader, api } = visit;
  const words = officeWords[reader.locale].clinics.staff;
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const [clinic, { items, nextCursor }] = await Promise.all([
    wanted(api.clinics[':id'].$get({ param: { id } })),
    wanted(api.clinics[':id'].staff.$get({ param: { id }, query: { limit: '50', ...cursor } as never })),
  ]);
  const path = `/admin/clinics/${id}/staff`;
  return formPage(
    visit,
    {
      ...{ title: clinic.name, lead: words.lead, at: 'clinics', problem },
      above: <ClinicTabs visit={visit} id={id} at={path} />,
    },
    <>
      {items.length === 0 ? (
        <Empty icon="people" title={words.none} />
      ) : (
        <Table
          stacks
          caption={words.caption}
          head={[words.name, words.email, words.since, '']}
          rows={items.map(({ accountId, fullName, email, addedAt }) => [
            fullName,
            email,
            dayText(addedAt, clinic.timeZone, reader.locale),
            <a href={`${path}/${accountId}/remove`} aria-label={words.removeOf(fullName)}>
              {words.remove}
            </a>,
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
      <Form visit={visit} action={path} class="narrow" label={words.add}>
        <h2>{words.add}</h2>
        <Field
          {...{ name: 'email', type: 'email', required: true, problem, autocomplete: 'off' }}
          label={words.email}
          hint={words.addHint}
          value={visit.form.given('email')}
        />
        <button type="submit">{words.button}</button>
      </Form>
    </>,
  );
};

/** Adds somebody to the staff of a clinic. */
export const addStaff = async (visit: Visit, id: string): Promise<Response> => {
  const json = { email: visit.form.text('email') };
  const added = await asked(visit.api.clinics[':id'].staff.$post({ param: { id }, json }, visit.once));
  return visit.done(added, `/admin/clinics/${id}/staff`, 'staff_added', (problem) => staffPage(visit, id, {}, problem));
};

/** Asks whether somebody's work is to end. */
export const removeStaffPage = (visit: Visit, id: string, accountId: string): Response => {
  const words = officeWords[visit.reader.locale].clinics.staff;
  const back = `/admin/clinics/${id}/staff`;
  return surePage(visit, {
    ...{ title: words.removeTitle, lead: words.removeLead, at: 'clinics', act: words.remove, back },
    action: `${back}/${accountId}/remove`,
  });
};

/** Ends somebody's work at a clinic. */
export const removeStaff = async (visit: Visit, id: string, accountId: string): Promise<Response> => {
  const gone = await asked(visit.api.clinics[':id'].staff[':accountId'].$delete({ param: { id, accountId } }));
  return visit.done(gone, `/admin/clinics/${id}/staff`, 'removed', (problem) => problemPage(visit, problem));
};
