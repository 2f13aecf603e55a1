import { asked, type Problem, wanted } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { formPage } from '../../form-page.tsx';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';

/** The form for a doctor's account. */
export const newDoctorPage = async (visit: Visit, problem: Problem | null = null): Promise<Response> => {
  const words = officeWords[visit.reader.locale].people.newDoctor;
  const { form, api } = visit;
  const [specializations, clinics] = await Promise.all([
    wanted(api.specializations.$get({ query: {} })),
    wanted(api.clinics.$get({ query: { limit: '100' } as never })),
  ]);
  const zone = form.given('timeZone') ?? clinics.items[0]?.timeZone ?? visit.reader.timeZone ?? 'Asia/Dhaka';
  return formPage(
    visit,
    { title: words.title, lead: words.lead, at: 'verification', problem },
    <Form visit={visit} action="/admin/doctors/new" class="narrow">
      <Field
        {...{ name: 'fullName', required: true, maxlength: 120, problem, autocomplete: 'off' }}
        label={words.fullName}
        value={form.given('fullName')}
      />
      <Field
        {...{ name: 'email', type: 'email', required: true, problem, autocomplete: 'off' }}
        label={words.email}
        value={form.given('email')}
      />
      <Field
        {...{ name: 'password', type: 'password', required: true, problem, autocomplete: 'new-password' }}
        label={words.password}
        hint={words.passwordHint}
      />
      <Field
        {...{ name: 'licenseNumber', required: true, maxlength: 64, problem }}
        label={words.licence}
        value={form.given('licenseNumber')}
      />
      <Select
        {...{ name: 'specialization', problem }}
        label={words.specialization}
        value={form.given('specialization')}
        options={specializations.items.map(({ name }) => [name, name] as const)}
      />
      <Select
        {...{ name: 'clinic', problem, path: 'clinicIds' }}
        label={words.clinic}
        value={form.given('clinic')}
        options={[['', visit.words.none], ...clinics.items.map(({ id, name }) => [id, name] as const)]}
      />
      <Field {...{ name: 'timeZone', required: true, problem }} label={words.zone} value={zone} />
      <button type="submit">{words.create}</button>
    </Form>,
  );
};

/** Creates a doctor's account. */
export const createDoctor = async (visit: Visit): Promise<Response> => {
  const { form, api } = visit;
  const clinic = form.given('clinic');
  const json = {
    fullName: form.text('fullName'),
    email: form.text('email'),
    password: form.exact('password'),
    licenseNumber: form.text('licenseNumber'),
    specialization: form.text('specialization'),
    timeZone: form.text('timeZone'),
    ...(clinic === undefined ? {} : { clinicIds: [clinic] }),
  };
  const made = await asked(api.doctors.$post({ json: json as never }, visit.once));
  if (!made.ok) return newDoctorPage(visit, made.problem);
  return visit.go(`/admin/doctors/${made.value.id}`, 'doctor_created');
};
