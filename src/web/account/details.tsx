import type { InferRequestType } from 'hono/client';
import { asked, type PageApi, type Problem, wanted } from '../api.ts';
import { Field, Group, Select } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import type { Form as Sent } from '../form.ts';
import type { Visit } from '../visit.tsx';
import { accountWords } from './words.ts';

type ProfileRoute = PageApi['patients'][':id']['profile'];
/** A change of what a patient has said of themselves. */
export type ProfileEdit = InferRequestType<ProfileRoute['$put']>['json'];

/** What a patient has said of themselves. */
export const patientProfile = (visit: Visit, id: string) =>
  wanted(visit.api.patients[':id'].profile.$get({ param: { id } }));
export type PatientProfile = Awaited<ReturnType<typeof patientProfile>>;

/** Changes what a patient has said of themselves, unless it was changed since it was read (`revision`). */
export const saveProfileOf = (visit: Visit, id: string, json: ProfileEdit) =>
  asked(
    visit.api.patients[':id'].profile.$put(
      { param: { id }, header: { 'if-match': `"${visit.form.text('revision')}"` }, json },
      visit.once,
    ),
  );

/** Birth, sex, whom to call and insurance, to fill in. */
export const DetailsForm = ({
  visit,
  action,
  profile,
  problem,
}: {
  readonly visit: Visit;
  readonly action: string;
  readonly profile: PatientProfile;
  readonly problem: Problem | null;
}) => {
  const { details: words } = accountWords[visit.reader.locale];
  const { emergencyContact, insurance } = profile;
  const value = (name: string, kept: string | null | undefined): string | undefined =>
    problem === null ? (kept ?? undefined) : visit.form.given(name);
  return (
    <Form visit={visit} action={action} class="narrow">
      <input type="hidden" name="revision" value={profile.revision} />
      <Field
        {...{ name: 'birthDate', type: 'date', autocomplete: 'bday', min: '1900-01-01', problem }}
        label={words.birthDate}
        value={value('birthDate', profile.birthDate)}
      />
      <Select
        {...{ name: 'sex', problem }}
        label={words.sex}
        value={value('sex', profile.sex)}
        options={[['', words.notSaid], ...Object.entries(words.sexes)]}
      />
      <Group legend={words.contact}>
        <p class="hint">{words.allOrNone}</p>
        <Field
          {...{ name: 'contactName', path: 'emergencyContact.name', maxlength: 120, problem }}
          label={words.contactName}
          value={value('contactName', emergencyContact?.name)}
        />
        <Field
          {...{ name: 'relation', path: 'emergencyContact.relation', maxlength: 60, problem }}
          label={words.relation}
          hint={words.relationHint}
          value={value('relation', emergencyContact?.relation)}
        />
        <Field
          {...{ name: 'contactPhone', path: 'emergencyContact.phone', type: 'tel', maxlength: 32, problem }}
          label={words.contactPhone}
          value={value('contactPhone', emergencyContact?.phone)}
        />
      </Group>
      <Group legend={words.insurance}>
        <p class="hint">{words.allOrNone}</p>
        <Field
          {...{ name: 'provider', path: 'insurance.provider', maxlength: 120, problem }}
          label={words.provider}
          value={value('provider', insurance?.provider)}
        />
        <Field
          {...{ name: 'policyNumber', path: 'insurance.policyNumber', maxlength: 60, problem }}
          label={words.policy}
          value={value('policyNumber', insurance?.policyNumber)}
        />
      </Group>
      <button type="submit">{visit.words.save}</button>
    </Form>
  );
};

/** What the fields say, as the API takes it: a group that is wholly empty is none. */
export const detailsOf = (form: Sent): ProfileEdit => {
  const contact = { name: form.text('contactName'), relation: form.text('relation'), phone: form.text('contactPhone') };
  const insurance = { provider: form.text('provider'), policyNumber: form.text('policyNumber') };
  const isEmpty = (group: object): boolean => Object.values(group).every((text) => text === '');
  return {
    birthDate: form.given('birthDate') ?? null,
    sex: (form.given('sex') ?? null) as ProfileEdit['sex'],
    emergencyContact: isEmpty(contact) ? null : contact,
    insurance: isEmpty(insurance) ? null : insurance,
  };
};
