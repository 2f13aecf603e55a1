import { asked, type Problem } from '../api.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Heading } from '../components/parts.tsx';
import { QrCode } from '../components/qr.tsx';
import { formPage } from '../form-page.tsx';
import { problemPage } from '../problem-page.tsx';
import type { Visit } from '../visit.tsx';
import { OwnPassword } from './password-fields.tsx';
import { securityWords } from './security-words.ts';

const home = '/account/security';
const path = `${home}/authenticator`;

/** The first step of adding an authenticator app: the password. */
export const authenticatorPage = (visit: Visit, problem: Problem | null = null): Response => {
  const words = securityWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.addApp, lead: words.appLead, at: 'account', problem },
    <Form visit={visit} action={path} class="narrow">
      <OwnPassword label={words.confirmPassword} problem={problem} />
      <button type="submit">{visit.words.confirm}</button>
    </Form>,
  );
};

/** Has a secret made for the app, and shows it. */
export const beginAuthenticator = async (visit: Visit): Promise<Response> => {
  const json = { password: visit.form.exact('password') };
  const outcome = await asked(visit.api.auth.authenticator.$post({ json }));
  return outcome.ok ? scanPage(visit, outcome.value) : authenticatorPage(visit, outcome.problem);
};

interface Secret {
  readonly secret: string;
  readonly uri: string;
}

const scanPage = (visit: Visit, { secret, uri }: Secret, problem: Problem | null = null): Response => {
  const words = securityWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.scan, lead: words.scanLead, at: 'account', problem },
    <>
      <p>
        <QrCode text={uri} label={words.qr} />
      </p>
      <p>
        {words.secret}: <code>{secret}</code>
      </p>
      <Form visit={visit} action={`${path}/confirm`} class="narrow">
        <input type="hidden" name="secret" value={secret} />
        <input type="hidden" name="uri" value={uri} />
        <Field
          {...{ name: 'code', autocomplete: 'one-time-code', inputmode: 'numeric', required: true, maxlength: 10 }}
          label={words.code}
          problem={problem}
        />
        <button type="submit">{words.turnOn}</button>
      </Form>
    </>,
  );
};

/** Turns the app on by its first code, and shows the recovery codes. */
export const confirmAuthenticator = async (visit: Visit): Promise<Response> => {
  const { form } = visit;
  if (!form.has('uri')) return visit.go(path);
  const json = { code: form.text('code').replaceAll(/\s/g, '') };
  const outcome = await asked(visit.api.auth.authenticator.confirm.$post({ json }));
  if (outcome.ok) return codesPage(visit, outcome.value.recoveryCodes);
  // Shown again is only what a page of ours sent: a stranger's secret would be the stranger's second factor.
  if (outcome.problem.code === 'cross_site') return problemPage(visit, outcome.problem);
  return scanPage(visit, { secret: form.text('secret'), uri: form.text('uri') }, outcome.problem);
};

const codesPage = (visit: Visit, codes: readonly string[]): Response => {
  const words = securityWords[visit.reader.locale];
  return visit.show(
    { title: words.recovery, at: 'account' },
    <>
      <Heading title={words.recovery} lead={words.codesLead} />
      <ul class="codes">
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p>
        <a class="button" href={home}>
          {words.codesKept}
        </a>
      </p>
    </>,
  );
};

/** The form for fresh recovery codes. */
export const recoveryCodesPage = (visit: Visit, problem: Problem | null = null): Response => {
  const words = securityWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.renewCodes, lead: words.renewLead, at: 'account', problem },
    <Form visit={visit} action={`${home}/recovery-codes`} class="narrow">
      <OwnPassword label={words.confirmPassword} problem={problem} />
      <button type="submit">{words.renewCodes}</button>
    </Form>,
  );
};

/** Makes fresh recovery codes, and shows them. */
export const renewRecoveryCodes = async (visit: Visit): Promise<Response> => {
  const json = { password: visit.form.exact('password') };
  const outcome = await asked(visit.api.auth['recovery-codes'].$post({ json }));
  return outcome.ok ? codesPage(visit, outcome.value.recoveryCodes) : recoveryCodesPage(visit, outcome.problem);
};

/** The form to remove the app. */
export const removeAuthenticatorPage = (visit: Visit, problem: Problem | null = null): Response => {
  const words = securityWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.removeApp, lead: words.removeAppLead, at: 'account', problem },
    <Form visit={visit} action={`${path}/remove`} class="narrow">
      <OwnPassword label={words.confirmPassword} problem={problem} />
      <Field
        {...{ name: 'code', autocomplete: 'one-time-code', required: true, maxlength: 24, problem }}
        label={words.codeOrRecovery}
      />
      <p class="actions">
        <button type="submit" class="danger">
          {words.removeApp}
        </button>
        <a class="button plain" href={home}>
          {visit.words.cancel}
        </a>
      </p>
    </Form>,
  );
};

/** Removes the app. */
export const removeAuthenticator = async (visit: Visit): Promise<Response> => {
  const json = { password: visit.form.exact('password'), code: visit.form.text('code').replaceAll(/\s/g, '') };
  const outcome = await asked(visit.api.auth.authenticator.remove.$post({ json }, visit.once));
  return visit.done(outcome, home, 'authenticator_removed', (problem) => removeAuthenticatorPage(visit, problem));
};
