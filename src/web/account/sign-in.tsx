import { principalOf, type Role } from '../../domain/access.ts';
import { asked, type Problem } from '../api.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Note } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { homeOf } from '../navigation.ts';
import { ownPath } from '../own-path.ts';
import { problemPage } from '../problem-page.tsx';
import type { Visit } from '../visit.tsx';
import { behindHash } from './behind-hash.ts';
import type { AccountWords } from './words.en.ts';
import { accountWords } from './words.ts';

/** Where somebody goes who has just signed in: where they wanted to be, else where their role begins. */
export const landingOf = (role: Role | undefined, to: string): string =>
  ownPath(to) === '/' && role !== undefined ? homeOf(principalOf({ id: '', role })) : ownPath(to);

/** The form to sign in. After a failure it keeps the address and says so. */
export const signInPage = (visit: Visit, to: string, problem: Problem | null = null): Response => {
  const words = accountWords[visit.reader.locale].signIn;
  const { form } = visit;
  return formPage(
    visit,
    { title: words.title, problem, islands: ['behind-hash', 'passkey'] },
    <>
      <Form visit={visit} action="/login" class="narrow">
        <input type="hidden" name="to" value={ownPath(to)} />
        <Field
          {...{ name: 'email', type: 'email', autocomplete: 'username', required: true }}
          label={words.email}
          value={form.given('email')}
        />
        <Field
          {...{ name: 'password', type: 'password', autocomplete: 'current-password', required: true }}
          label={words.password}
        />
        <button type="submit">{visit.words.signIn}</button>
        <details open={form.given('device') !== undefined}>
          <summary>{words.device}</summary>
          <Field name="device" label={words.deviceLabel} value={form.given('device')} autocomplete="off" behindHash />
        </details>
      </Form>
      <PasskeyButton words={words} to={to} />
      <ul class="row">
        <li>
          <a href="/forgotten">{words.forgotten}</a>
        </li>
        <li>
          <a href="/register">{words.register}</a>
        </li>
      </ul>
    </>,
  );
};

const PasskeyButton = ({ words, to }: { readonly words: AccountWords['signIn']; readonly to: string }) => (
  <div
    hidden
    data-passkey-sign-in
    data-done={`/login/done?to=${encodeURIComponent(ownPath(to))}`}
    data-failed={words.passkeyFailed}
  >
    <p>
      <button type="button" class="plain">
        {words.passkey}
      </button>
    </p>
    <p role="status" />
  </div>
);

/** Signs in by the form's fields. */
export const signIn = async (visit: Visit): Promise<Response> => {
  const { form } = visit;
  const device = form.given('device');
  const json = {
    ...{ email: form.text('email'), password: form.exact('password') },
    ...(device === undefined ? {} : { deviceToken: behindHash(device) }),
  };
  const outcome = await asked(visit.api.auth.login.$post({ json }));
  const to = form.text('to');
  if (outcome.ok) return visit.go(landingOf(outcome.value.user.role, to));
  const { code, more } = outcome.problem;
  if (code === 'second_factor_required') return secondStepPage(visit, to, String(more.mfaToken ?? ''));
  return signInPage(visit, to, outcome.problem);
};

/** The second step: a code, or a passkey where only that will do (then there is no token). */
const secondStepPage = (visit: Visit, to: string, mfaToken: string, problem: Problem | null = null): Response => {
  const { second: words, signIn: first } = accountWords[visit.reader.locale];
  return formPage(
    visit,
    { title: words.title, lead: words.lead, problem, islands: mfaToken === '' ? ['passkey'] : [] },
    mfaToken === '' ? (
      <>
        <Note tone="blue">
          <p>{first.passkeyNeeded}</p>
        </Note>
        <PasskeyButton words={first} to={to} />
        <noscript>
          <p>{first.noScripts}</p>
        </noscript>
      </>
    ) : (
      <Form visit={visit} action="/login/code" class="narrow">
        <input type="hidden" name="to" value={ownPath(to)} />
        <input type="hidden" name="mfaToken" value={mfaToken} />
        <Field
          {...{ name: 'code', autocomplete: 'one-time-code', required: true, maxlength: 24, problem }}
          label={words.code}
          hint={words.hint}
        />
        <button type="submit">{words.button}</button>
      </Form>
    ),
  );
};

/** Signs in by the code of the second step. */
export const signInByCode = async (visit: Visit): Promise<Response> => {
  const { form } = visit;
  const [to, mfaToken] = [form.text('to'), form.text('mfaToken')];
  const code = form.text('code').replaceAll(/\s/g, '');
  const outcome = await asked(visit.api.auth.login['second-factor'].$post({ json: { mfaToken, code } }));
  if (outcome.ok) return visit.go(landingOf(outcome.value.user.role, to));
  const mayTryAgain = outcome.problem.code === 'wrong_code' || outcome.problem.code === 'invalid_request';
  return mayTryAgain && mfaToken !== ''
    ? secondStepPage(visit, to, mfaToken, outcome.problem)
    : signInPage(visit, to, outcome.problem);
};

/** Where a script goes that has signed somebody in: their role says where that is. */
export const signedInNow = (visit: Visit, to: string): Response => visit.go(landingOf(visit.who?.role, to));

/** Ends the session of this browser. */
export const signOut = async (visit: Visit) => {
  const outcome = await asked(visit.api.auth.logout.$post({ json: {} as never }));
  return visit.done(outcome, '/', 'signed_out', (problem) => problemPage(visit, problem));
};
