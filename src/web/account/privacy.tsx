import { type Problem, problemIn, wanted } from '../api.ts';
import { Form } from '../components/form.tsx';
import { Empty, Pager, Table } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { timeText, zoneText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { OwnPassword } from './password-fields.tsx';
import { privacyWords } from './privacy-words.ts';
import { zoneOf } from './security.tsx';
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
  const looks = await wanted(visit.api.users.me['access-log'].$get({ query }));
  const isPatient = visit.who?.role === 'patient';
  return formPage(
    visit,
    { title: words.title, at: 'account', problem, above: <AccountTabs visit={visit} at={path} /> },
    <>
      {isPatient ? <Looks visit={visit} looks={looks} /> : null}
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

interface Look {
  readonly at: string;
  readonly role: string;
  readonly name: string | null;
  readonly action: string;
  readonly why: string | null;
}

const Looks = ({
  visit,
  looks,
}: {
  readonly visit: Visit;
  readonly looks: { readonly items: readonly Look[]; readonly nextCursor: string | null };
}) => {
  const { locale } = visit.reader;
  const words = privacyWords[locale];
  const zone = zoneOf(visit);
  return (
    <>
      <h2>{words.looks}</h2>
      <p class="soft">
        {words.looksLead} {visit.words.inZone(zoneText(zone, locale, new Date().toISOString()))}
      </p>
      {looks.items.length === 0 ? (
        <Empty icon="check" title={words.nobody} />
      ) : (
        <div class="tight">
          <Table
            caption={words.looks}
            head={[words.when, words.who, words.what, words.why]}
            rows={looks.items.map(({ at, role, name, action, why }) => [
              <time datetime={at}>{timeText(at, zone, locale)}</time>,
              `${words.roles[role] ?? role}${name === null ? '' : `: ${name}`}`,
              words.actions[action] ?? action,
              why === null ? '' : (words.reasons[why] ?? why),
            ])}
          />
        </div>
      )}
      <Pager visit={visit} nextCursor={looks.nextCursor} />
      <h2>{words.whoMay}</h2>
      <p>{words.whoMayText}</p>
    </>
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
