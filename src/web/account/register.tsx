import { asked, type Problem, wanted } from '../api.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { DoctorFields, doctorOf } from './doctor-fields.tsx';
import { landingOf } from './sign-in.tsx';
import { accountWords } from './words.ts';

type Role = 'patient' | 'doctor';
const pathOf = (role: Role): string => (role === 'doctor' ? '/register/doctor' : '/register');

/** The form to open an account, as a patient or as a doctor. */
export const registerPage = async (visit: Visit, role: Role, problem: Problem | null = null): Promise<Response> => {
  const { register: words, signIn } = accountWords[visit.reader.locale];
  const { form } = visit;
  const isDoctor = role === 'doctor';
  const specializations = isDoctor ? (await wanted(visit.api.specializations.$get({ query: {} }))).items : [];
  return formPage(
    visit,
    {
      title: isDoctor ? words.doctorTitle : words.title,
      lead: isDoctor ? words.doctorLead : words.lead,
      description: isDoctor ? words.doctorLead : words.lead,
      canonical: pathOf(role),
      problem,
    },
    <>
      <Form visit={visit} action={pathOf(role)} class="narrow">
        <Field
          {...{ name: 'fullName', autocomplete: 'name', required: true, maxlength: 120, problem }}
          label={words.fullName}
          value={form.given('fullName')}
        />
        <Field
          {...{ name: 'email', type: 'email', autocomplete: 'email', required: true, maxlength: 254, problem }}
          label={signIn.email}
          value={form.given('email')}
        />
        <Field
          {...{ name: 'password', type: 'password', autocomplete: 'new-password', required: true, problem }}
          label={signIn.password}
          hint={words.passwordHint}
        />
        {isDoctor ? <DoctorFields visit={visit} words={words} names={specializations} problem={problem} /> : null}
        <button type="submit">{words.button}</button>
      </Form>
      <ul class="row">
        <li>
          <a href="/login">{words.haveAccount}</a>
        </li>
        <li>
          <a href={pathOf(isDoctor ? 'patient' : 'doctor')}>{isDoctor ? words.asPatient : words.asDoctor}</a>
        </li>
      </ul>
    </>,
  );
};

/** Opens an account, or begins to: where addresses are verified, the code of a mail comes first. */
export const register = async (visit: Visit, role: Role): Promise<Response> => {
  const { form } = visit;
  const person = { fullName: form.text('fullName'), email: form.text('email'), password: form.exact('password') };
  const json = role === 'doctor' ? { ...person, role, doctor: doctorOf(form) } : { ...person, role };
  const outcome = await asked(visit.api.auth.register.$post({ json }));
  if (!outcome.ok) return registerPage(visit, role, outcome.problem);
  const begun = outcome.value as { registrationToken?: string; user?: { role: Role } };
  return begun.registrationToken === undefined
    ? visit.go(landingOf(begun.user?.role, '/'), 'welcome')
    : confirmPage(visit, begun.registrationToken);
};

const confirmPage = (visit: Visit, registrationToken: string, problem: Problem | null = null): Response => {
  const words = accountWords[visit.reader.locale].confirm;
  return formPage(
    visit,
    { title: words.title, lead: words.lead, problem },
    <>
      <Form visit={visit} action="/register/confirm" class="narrow">
        <input type="hidden" name="registrationToken" value={registrationToken} />
        <Field
          {...{ name: 'code', autocomplete: 'one-time-code', inputmode: 'numeric', required: true, maxlength: 10 }}
          label={words.code}
          problem={problem}
        />
        <button type="submit">{words.button}</button>
      </Form>
      <p class="soft">{words.nothing}</p>
      <p>
        <a href="/register">{words.again}</a>
      </p>
    </>,
  );
};

/** Opens the account with the code of the mail. */
export const confirmRegistration = async (visit: Visit): Promise<Response> => {
  const registrationToken = visit.form.text('registrationToken');
  if (registrationToken === '') return visit.go('/register');
  const code = visit.form.text('code').replaceAll(/\D/g, '');
  const outcome = await asked(visit.api.auth.register.confirm.$post({ json: { registrationToken, code } }));
  if (!outcome.ok) return confirmPage(visit, registrationToken, outcome.problem);
  return visit.go(landingOf(outcome.value.user.role, '/'), 'welcome');
};
