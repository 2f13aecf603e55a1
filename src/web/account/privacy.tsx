import { type Problem, problemIn, wanted } from '../api.ts';
import { Form } from '../components/form.tsx';
import { formPage } from '../form-page.tsx';
import type { Visit } from '../visit.tsx';
import { Looks } from './looks.tsx';
import { OwnPassword } from './password-fields.tsx';
import { privacyWords } from './privacy-words.ts';
import { AccountTabs } from './tabs.tsx';

const path = '/account/privacy';
const looksShown = '20';

/** Who looked at my record, taking out my data, erasing me. */
export const privacyPage = async (
  visit: Visit,
  cursor: string | undefined,
  problem: Problem | null = null,
): Promise<Response> => {
  const words = privacyWords[visit.reader.locale];
  const query = { limit: looksShown, ...(cursor === undefined ? {} : { cursor }) };
  const isPatient = visit.who?.role === 'patient';
  const looks = isPatient ? await wanted(visit.api.users.me['access-log'].$get({ query })) : null;
  return formPage(
    visit,
    { title: words.title, at: 'account', problem, above: <AccountTabs visit={visit} at={path} /> },
    <>
      {looks === null ? null : (
        <>
          <h2>{words.looks}</h2>
          <Looks visit={visit} title={words.looks} looks={looks} />
          <h2>{words.whoMay}</h2>
          <p>{words.whoMayText}</p>
        </>
      )}
      <h2>{words.export}</h2>
      <p>{words.exportLead}</p>
      <Form visit={visit} action={`${path}/export`} class="narrow" again>
        <OwnPassword label={words.password} problem={problem} />
        <button type="submit" class="plain">
          {words.exportButton}
        </button>
      </Form>
      <h2>{words.erase}</h2>
      <p>{isPatient ? words.eraseLead : words.notErasable}</p>
      {isPatient ? (
        <p>
          <a class="button danger" href="/account/erase">
            {words.eraseButton}
          </a>
        </p>
      ) : null}
    </>,
  );
};

/** Gives the file with everything, as it is written, to who shows the password. */
export const exportData = async (visit: Visit): Promise<Response> => {
  const answer = await visit.ask('/users/me/export', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: visit.form.exact('password') }),
  });
  if (answer.ok) return new Response(answer.body, answer);
  return privacyPage(visit, undefined, await problemIn(answer));
};
