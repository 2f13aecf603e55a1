import { asked, type Problem, problemIn } from '../api.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { behindHash } from './behind-hash.ts';
import { accountWords } from './words.ts';

/** The form to ask for a link that resets the password. */
export const forgottenPage = (visit: Visit, problem: Problem | null = null): Response => {
  const { forgotten: words, signIn } = accountWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.title, lead: words.lead, problem },
    <Form visit={visit} action="/forgotten" class="narrow">
      <Field
        {...{ name: 'email', type: 'email', autocomplete: 'email', required: true, problem }}
        label={signIn.email}
        value={visit.form.given('email')}
      />
      <button type="submit">{words.button}</button>
    </Form>,
  );
};

/** Has the link mailed. What is said does not tell whether the address has an account. */
export const forgot = async (visit: Visit): Promise<Response> => {
  const email = visit.form.text('email');
  const answer = await visit.api.auth['password-reset'].$post({ json: { email } }, visit.once);
  if (answer.ok) return visit.go('/login', 'reset_mailed');
  return forgottenPage(visit, await problemIn(answer as unknown as Response));
};

/** The form to choose a new password by the link of the mail. */
export const resetPage = (visit: Visit, problem: Problem | null = null): Response => {
  const { reset: words, register } = accountWords[visit.reader.locale];
  const { form } = visit;
  return formPage(
    visit,
    { title: words.title, lead: words.lead, problem, islands: ['behind-hash'] },
    <Form visit={visit} action="/reset" class="narrow">
      <Field
        {...{ name: 'link', required: true, autocomplete: 'off', path: 'resetToken', problem }}
        label={words.link}
        hint={words.linkHint}
        value={form.given('link')}
        behindHash
      />
      <Field
        {...{ name: 'password', type: 'password', autocomplete: 'new-password', required: true, problem }}
        label={words.password}
        hint={register.passwordHint}
      />
      <button type="submit">{words.button}</button>
    </Form>,
  );
};

/** Gives the account another password. */
export const reset = async (visit: Visit): Promise<Response> => {
  const { form } = visit;
  const json = { resetToken: behindHash(form.text('link')), password: form.exact('password') };
  const outcome = await asked(visit.api.auth['password-reset'].confirm.$post({ json }));
  return outcome.ok ? visit.go('/login', 'password_changed') : resetPage(visit, outcome.problem);
};
