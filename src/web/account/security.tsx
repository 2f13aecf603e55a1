import { asked, wanted } from '../api.ts';
import { ActionButton } from '../components/form.tsx';
import { Badge, Heading, Note } from '../components/parts.tsx';
import { dayText, numberText, timeText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { type SecurityWords, securityWords } from './security-words.ts';
import { AccountTabs } from './tabs.tsx';

const path = '/account/security';
const mostSessions = '50';

const secondFactor = (visit: Visit) => wanted(visit.api.auth['second-factor'].$get());
const passkeysOf = (visit: Visit) => wanted(visit.api.auth.passkeys.$get());
// Who must set up a second factor first is shown no sessions yet.
const sessionsOf = async (visit: Visit) => {
  const found = await asked(visit.api.auth.sessions.$get({ query: { limit: mostSessions } }));
  return found.ok ? found.value.items : [];
};

/** The zone in which an account reads its times: the device's, once it is known. */
export const zoneOf = (visit: Visit): string => visit.reader.timeZone ?? 'UTC';

/** How I sign in, and where I am signed in. */
export const securityPage = async (visit: Visit): Promise<Response> => {
  const words = securityWords[visit.reader.locale];
  const [factor, passkeys, sessions] = await Promise.all([
    secondFactor(visit),
    passkeysOf(visit),
    sessionsOf(visit),
  ] as const);
  const isMissing = factor.required && !factor.authenticator && factor.passkeys === 0;
  const left = numberText(factor.recoveryCodesLeft, visit.reader.locale);
  return visit.show(
    { title: words.title, at: 'account' },
    <>
      <Heading title={words.title} />
      <AccountTabs visit={visit} at={path} />
      {isMissing ? (
        <Note tone="warn">
          <p>{words.needed}</p>
        </Note>
      ) : null}
      {isMissing ? null : (
        <>
          <h2>{words.password}</h2>
          <p>
            <a class="button plain" href={`${path}/password`}>
              {words.changePassword}
            </a>
          </p>
        </>
      )}
      <h2>{words.app}</h2>
      <p>
        {words.appLead} {factor.authenticator ? words.appOn(left) : words.appOff}
      </p>
      {factor.authenticator ? (
        <p class="actions">
          <a class="button plain" href={`${path}/recovery-codes`}>
            {words.renewCodes}
          </a>
          <a class="button danger" href={`${path}/authenticator/remove`}>
            {words.removeApp}
          </a>
        </p>
      ) : (
        <p>
          <a class="button plain" href={`${path}/authenticator`}>
            {words.addApp}
          </a>
        </p>
      )}
      <Passkeys visit={visit} words={words} passkeys={passkeys.items} />
      {sessions.length === 0 ? null : <Sessions visit={visit} words={words} sessions={sessions} />}
    </>,
  );
};

const Passkeys = ({
  visit,
  words,
  passkeys,
}: {
  readonly visit: Visit;
  readonly words: SecurityWords;
  readonly passkeys: Awaited<ReturnType<typeof passkeysOf>>['items'];
}) => {
  const day = (at: string): string => dayText(at, zoneOf(visit), visit.reader.locale);
  return (
    <>
      <h2>{words.passkeys}</h2>
      <p>{words.passkeysLead}</p>
      {passkeys.length === 0 ? <p class="soft">{words.noPasskeys}</p> : null}
      <ul class="cards">
        {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
          <li class="card">
            <h3>{name}</h3>
            <p class="soft">
              {words.made}: {day(createdAt)} · {words.lastUsed}: {lastUsedAt === null ? words.never : day(lastUsedAt)}
            </p>
            <p class="actions">
              <a class="button plain" href={`${path}/passkeys/${id}`} aria-label={`${words.rename}: ${name}`}>
                {words.rename}
              </a>
              <a
                class="button danger"
                href={`${path}/passkeys/${id}/remove`}
                aria-label={`${visit.words.remove}: ${name}`}
              >
                {visit.words.remove}
              </a>
            </p>
          </li>
        ))}
      </ul>
      <p class="after">
        <a class="button plain" href={`${path}/passkeys/new`}>
          {words.addPasskey}
        </a>
      </p>
    </>
  );
};

const Sessions = ({
  visit,
  words,
  sessions,
}: {
  readonly visit: Visit;
  readonly words: SecurityWords;
  readonly sessions: Awaited<ReturnType<typeof sessionsOf>>;
}) => (
  <>
    <h2>{words.sessions}</h2>
    <ul class="cards">
      {sessions.map(({ id, device, place, lastSeenAt, current }) => (
        <li class="card">
          <h3>
            {device ?? words.unknownDevice} {current ? <Badge tone="good">{words.thisDevice}</Badge> : null}
          </h3>
          <p class="soft">
            {place === null ? '' : `${place} · `}
            {words.lastSeen}: {timeText(lastSeenAt, zoneOf(visit), visit.reader.locale)}
          </p>
          {current ? null : (
            <ActionButton
              visit={visit}
              action={`${path}/sessions/end`}
              fields={{ id }}
              label={words.signOutThereOf(device ?? words.unknownDevice)}
            >
              {words.signOutThere}
            </ActionButton>
          )}
        </li>
      ))}
    </ul>
    <div class="actions after">
      {sessions.length > 1 ? (
        <ActionButton visit={visit} action={`${path}/sessions/end-others`}>
          {words.signOutOthers}
        </ActionButton>
      ) : null}
      <ActionButton visit={visit} action={`${path}/sessions/end-all`} kind="danger">
        {words.signOutAll}
      </ActionButton>
    </div>
  </>
);
