import { asked, type Problem, problemFor, Unanswered, wanted } from '../api.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Heading } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { OwnPassword } from './password-fields.tsx';
import { securityWords } from './security-words.ts';

const home = '/account/security';
const pathOf = (id: string): string => `${home}/passkeys/${id}`;
const maxName = 60;

/** The form to add a passkey: a script asks the device for it. */
export const newPasskeyPage = (visit: Visit): Response => {
  const words = securityWords[visit.reader.locale];
  return visit.show(
    { title: words.addPasskey, at: 'account', islands: ['passkey'] },
    <>
      <Heading title={words.addPasskey} lead={words.addPasskeyLead} />
      <noscript>
        <p>{words.noScripts}</p>
      </noscript>
      <form
        {...{ method: 'post', action: pathOf('new'), class: 'narrow', 'data-passkey-add': '' }}
        data-done={`${home}?done=passkey_added`}
        data-failed={words.passkeyFailed}
        data-wrong={words.wrongPassword}
      >
        <input type="hidden" name="csrf" value={visit.csrfToken} />
        <Field
          {...{ name: 'name', required: true, maxlength: maxName }}
          label={words.passkeyName}
          hint={words.passkeyNameHint}
        />
        <OwnPassword label={words.confirmPassword} />
        <p role="status" class="bad" />
        <button type="submit">{words.addPasskey}</button>
      </form>
    </>,
  );
};

const nameOf = async (visit: Visit, id: string): Promise<string> => {
  const { items } = await wanted(visit.api.auth.passkeys.$get());
  const found = items.find((one) => one.id === id);
  if (found === undefined) throw new Unanswered(problemFor('not_found'));
  return found.name;
};

/** The form to rename a passkey. */
export const passkeyPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const words = securityWords[visit.reader.locale];
  const name = await nameOf(visit, id);
  return formPage(
    visit,
    { title: words.rename, at: 'account', problem },
    <Form visit={visit} action={pathOf(id)} class="narrow">
      <Field
        {...{ name: 'name', required: true, maxlength: maxName, problem }}
        label={words.passkeyName}
        value={visit.form.given('name') ?? name}
      />
      <button type="submit">{visit.words.save}</button>
    </Form>,
  );
};

/** Renames a passkey. */
export const renamePasskey = async (visit: Visit, id: string): Promise<Response> => {
  const json = { name: visit.form.text('name') };
  const outcome = await asked(visit.api.auth.passkeys[':id'].$put({ param: { id }, json }, visit.once));
  return visit.done(outcome, home, 'saved', (problem) => passkeyPage(visit, id, problem));
};

/** The form to remove a passkey. */
export const removePasskeyPage = async (
  visit: Visit,
  id: string,
  problem: Problem | null = null,
): Promise<Response> => {
  const words = securityWords[visit.reader.locale];
  const lead = words.removePasskeyLead(await nameOf(visit, id));
  return formPage(
    visit,
    { title: words.removePasskey, lead, at: 'account', problem },
    <Form visit={visit} action={`${pathOf(id)}/remove`} class="narrow">
      <OwnPassword label={words.confirmPassword} problem={problem} />
      <p class="actions">
        <button type="submit" class="danger">
          {words.removePasskey}
        </button>
        <a class="button plain" href={home}>
          {visit.words.cancel}
        </a>
      </p>
    </Form>,
  );
};

/** Removes a passkey. */
export const removePasskey = async (visit: Visit, id: string): Promise<Response> => {
  const json = { password: visit.form.exact('password') };
  const outcome = await asked(visit.api.auth.passkeys[':id'].$delete({ param: { id }, json }, visit.once));
  return visit.done(outcome, home, 'removed', (problem) => removePasskeyPage(visit, id, problem));
};
