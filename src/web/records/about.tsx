import { bloodGroups } from '../../domain/patient-profile.ts';
import { type PatientProfile, type ProfileEdit, patientProfile, saveProfileOf } from '../account/details.tsx';
import type { Problem } from '../api.ts';
import { Field, Group, Select } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import type { Form as Sent } from '../form.ts';
import { formPage } from '../form-page.tsx';
import { numberText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { RecordTabs, type Whose } from './whose.tsx';
import { recordWords } from './words.ts';

const lists = ['allergies', 'conditions', 'medications'] as const;
type List = (typeof lists)[number];
/** Empty lines below those that are filled in. */
const spare = 2;

interface Line {
  readonly name: string;
  readonly note: string | null;
  readonly severity?: string | null;
}

/** The lines of a list as they were sent: every field has its number, and they have no gaps. */
const linesSent = (form: Sent, list: List, from = 0): Line[] => {
  if (!form.has(`${list}-name-${from}`)) return [];
  const line = { name: form.text(`${list}-name-${from}`), note: form.given(`${list}-note-${from}`) ?? null };
  const severity = list === 'allergies' ? { severity: form.given(`${list}-severity-${from}`) ?? null } : {};
  const isEmpty = line.name === '' && line.note === null;
  return [...(isEmpty ? [] : [{ ...line, ...severity }]), ...linesSent(form, list, from + 1)];
};

/** What a patient has said of their health: blood group, allergies, conditions, medicines; to change at once. */
export const aboutPage = async (visit: Visit, whose: Whose, problem: Problem | null = null): Promise<Response> => {
  const { about: words } = recordWords[visit.reader.locale];
  const profile = await patientProfile(visit, whose.id);
  return formPage(
    visit,
    {
      ...{ title: words.title, at: whose.at, problem },
      lead: whose.name === null ? words.lead : whose.name,
      above: <RecordTabs visit={visit} whose={whose} at="/about" />,
    },
    <Form visit={visit} action={`${whose.base}/about`}>
      <input type="hidden" name="revision" value={profile.revision} />
      <Select
        {...{ name: 'bloodGroup', problem }}
        label={words.bloodGroup}
        value={problem === null ? (profile.bloodGroup ?? '') : visit.form.text('bloodGroup')}
        options={[['', words.notSaid], ...bloodGroups.map((one) => [one, one] as const)]}
      />
      {lists.map((list) => (
        <ListFields visit={visit} list={list} profile={profile} problem={problem} />
      ))}
      <button type="submit">{visit.words.save}</button>
    </Form>,
  );
};

const ListFields = ({
  visit,
  list,
  profile,
  problem,
}: {
  readonly visit: Visit;
  readonly list: List;
  readonly profile: PatientProfile;
  readonly problem: Problem | null;
}) => {
  const { about: words } = recordWords[visit.reader.locale];
  const kept: readonly Line[] = problem === null ? (profile[list] ?? []) : linesSent(visit.form, list);
  const lines = [...kept, ...Array.from({ length: spare }, () => ({ name: '', note: null }) satisfies Line)];
  const numbered = (what: string, i: number): string => words.numbered(what, numberText(i + 1, visit.reader.locale));
  return (
    <Group legend={words[list]}>
      <p class="hint">{words.emptyToRemove}</p>
      <ol class="numbered">
        {lines.map((line: Line, i) => (
          <li class="row">
            <div class="grow">
              <Field
                {...{
                  name: `${list}-name-${i}`,
                  id: `${list}-name-${i}`,
                  path: `${list}.${i}.name`,
                  maxlength: 120,
                  problem,
                }}
                label={numbered(words.name, i)}
                value={line.name}
              />
            </div>
            {list === 'allergies' ? (
              <Select
                {...{ name: `${list}-severity-${i}`, id: `${list}-severity-${i}` }}
                label={numbered(words.severity, i)}
                value={line.severity ?? ''}
                options={[['', words.notSaid], ...Object.entries(words.severities)]}
              />
            ) : null}
            <div class="grow">
              <Field
                {...{
                  name: `${list}-note-${i}`,
                  id: `${list}-note-${i}`,
                  path: `${list}.${i}.note`,
                  maxlength: 500,
                  problem,
                }}
                label={numbered(words.note, i)}
                value={line.note ?? ''}
              />
            </div>
          </li>
        ))}
      </ol>
    </Group>
  );
};

/** Saves it. */
export const saveAbout = async (visit: Visit, whose: Whose): Promise<Response> => {
  const { form } = visit;
  const json = {
    bloodGroup: form.given('bloodGroup') ?? null,
    ...Object.fromEntries(lists.map((list) => [list, linesSent(form, list)])),
  } as ProfileEdit;
  const outcome = await saveProfileOf(visit, whose.id, json);
  return visit.done(outcome, `${whose.base}/about`, 'saved', (problem) => aboutPage(visit, whose, problem));
};
