import { asked, type Problem } from '../api.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { OwnPassword } from './password-fields.tsx';
import { securityWords } from './security-words.ts';
import { accountWords } from './words.ts';

const path = '/account/security/password';

/** The form to change the password. */
export const passwordPage = (visit: Visit, problem: Problem | null = null): Response => {
  const words = securityWords[visit.reader.locale];
  const { register } = accountWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.changePassword, lead: words.passwordLead, at: 'account', problem },
    <Form visit={visit} action={path} class="narrow">
      <OwnPassword name="currentPassword" label={words.currentPassword} problem={problem} />
      <Field
        {...{ name: 'newPassword', type: 'password', autocomplete: 'new-password', required: true, problem }}
        label={words.newPassword}
        hint={register.passwordHint}
      />
      <button type="submit">{words.changePassword}</button>
    </Form>,
  );
};

/** Changes the password. */
export const changePassword = async (visit: Visit): Promise<Response> => {
  const { form } = visit;
  const json = { currentPassword: form.exact('currentPassword'), newPassword: form.exact('newPassword') };
  const outcome = await asked(visit.api.auth.password.$post({ json }, visit.once));
  return visit.done(outcome, '/account/security', 'password_changed', (problem) => passwordPage(visit, problem));
};
