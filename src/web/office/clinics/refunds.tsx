import { asked, type Problem, wanted } from '../../api.ts';
import { Field, Group } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Note } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';
import { ClinicTabs } from './frame.tsx';

const spareSteps = 2;

/** What a clinic gives back to who cancels, step by step. */
export const refundsPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { api, form, reader } = visit;
  const words = officeWords[reader.locale].clinics.refunds;
  const [clinic, policy] = await Promise.all([
    wanted(api.clinics[':id'].$get({ param: { id } })),
    wanted(api.clinics[':id']['refund-policy'].$get({ param: { id } })),
  ]);
  const path = `/admin/clinics/${id}/refunds`;
  return formPage(
    visit,
    {
      ...{ title: clinic.name, lead: words.lead, at: 'clinics', problem },
      above: <ClinicTabs visit={visit} id={id} at={path} />,
    },
    <>
      {policy.isDefault ? <Note>{words.isDefault}</Note> : null}
      <Form visit={visit} action={path} class="narrow">
        {Array.from({ length: policy.steps.length + spareSteps }, (_, i) => (
          <Group legend={words.step(numberText(i + 1, reader.locale))}>
            <div class="row">
              <Field
                {...{ name: `hours-${i}`, type: 'number', min: 0, max: 8760 }}
                label={words.hours}
                value={form.given(`hours-${i}`) ?? policy.steps[i]?.hoursBefore.toString()}
              />
              <Field
                {...{ name: `percent-${i}`, type: 'number', min: 0, max: 100 }}
                label={words.percent}
                value={form.given(`percent-${i}`) ?? policy.steps[i]?.percent.toString()}
              />
            </div>
          </Group>
        ))}
        <p class="soft">{words.noShow}</p>
        <button type="submit">{visit.words.save}</button>
      </Form>
    </>,
  );
};

/** Sets what a clinic gives back. */
export const saveRefunds = async (visit: Visit, id: string): Promise<Response> => {
  const { form } = visit;
  const rows = Object.keys(form.values).flatMap((name) =>
    name.startsWith('hours-') ? [name.slice('hours-'.length)] : [],
  );
  const steps = rows
    .filter((row) => form.text(`hours-${row}`) !== '' && form.text(`percent-${row}`) !== '')
    .map((row) => ({ hoursBefore: Number(form.text(`hours-${row}`)), percent: Number(form.text(`percent-${row}`)) }))
    .sort((one, other) => other.hoursBefore - one.hoursBefore);
  const saved = await asked(
    visit.api.clinics[':id']['refund-policy'].$put({ param: { id }, json: { steps } }, visit.once),
  );
  return visit.done(saved, `/admin/clinics/${id}/refunds`, 'saved', (problem) => refundsPage(visit, id, problem));
};
