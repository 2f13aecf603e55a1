import { asked, type Problem, wanted } from '../api.ts';
import { Field, Select } from '../components/field.tsx';
import { ActionButton, Form } from '../components/form.tsx';
import { Badge, Facts } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { dayText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { languageNames } from '../words/words.ts';
import { timeZones, zoneToday } from '../zones.ts';
import { AccountTabs } from './tabs.tsx';
import { accountWords } from './words.ts';

const fetchMe = (visit: Visit) => wanted(visit.api.users[':id'].$get({ param: { id: 'me' } }));
type Me = Awaited<ReturnType<typeof fetchMe>>;

/** My account: name, address, number, language, picture. */
export const profilePage = async (visit: Visit, problem: Problem | null = null): Promise<Response> => {
  const { profile: words } = accountWords[visit.reader.locale];
  const me = await fetchMe(visit);
  return formPage(
    visit,
    { title: words.title, at: 'account', problem, above: <AccountTabs visit={visit} at="/account" /> },
    <>
      <Facts
        of={[
          [
            words.email,
            <>
              {me.email} <Verified visit={visit} is={me.emailVerified} />
            </>,
          ],
          [words.since, dayText(me.createdAt, me.timeZone ?? visit.reader.timeZone ?? 'UTC', visit.reader.locale)],
        ]}
      />
      {me.emailVerified ? null : (
        <div>
          <ActionButton visit={visit} action="/account/verify" fields={{ channel: 'email' }}>
            {words.verifyEmail}
          </ActionButton>
        </div>
      )}
      <h2>{words.about}</h2>
      <About visit={visit} me={me} problem={problem} />
      <h2>{words.phone}</h2>
      <Phone visit={visit} me={me} problem={problem} />
      <h2>{words.picture}</h2>
      <Picture visit={visit} me={me} problem={problem} />
    </>,
  );
};

interface Part {
  readonly visit: Visit;
  readonly me: Me;
  readonly problem?: Problem | null;
}

const Verified = ({ visit, is }: { readonly visit: Visit; readonly is: boolean }) => {
  const { profile: words } = accountWords[visit.reader.locale];
  return <Badge tone={is ? 'good' : 'warn'}>{is ? words.verified : words.unverified}</Badge>;
};

const About = ({ visit, me, problem = null }: Part) => {
  const { profile: words } = accountWords[visit.reader.locale];
  return (
    <Form visit={visit} action="/account" class="narrow">
      {me.role === 'doctor' ? (
        <p>
          {me.fullName}
          <br />
          <span class="soft">{words.nameOnLicence}</span>
        </p>
      ) : (
        <Field
          {...{ name: 'fullName', autocomplete: 'name', required: true, maxlength: 120, problem }}
          label={words.name}
          value={visit.form.given('fullName') ?? me.fullName}
        />
      )}
      <Select
        {...{ name: 'timeZone', problem }}
        label={words.zone}
        value={zoneToday(me.timeZone ?? '')}
        options={[['', words.noZone], ...timeZones()]}
      />
      <Select
        {...{ name: 'locale', problem }}
        label={words.language}
        hint={words.languageHint}
        value={me.locale}
        options={Object.entries(languageNames)}
      />
      <button type="submit">{visit.words.save}</button>
    </Form>
  );
};

const Phone = ({ visit, me, problem = null }: Part) => {
  const { profile: words } = accountWords[visit.reader.locale];
  return (
    <>
      <p>
        {me.phone ?? words.noPhone} {me.phone === null ? null : <Verified visit={visit} is={me.phoneVerified} />}
      </p>
      <Form visit={visit} action="/account/verify" class="narrow">
        <input type="hidden" name="channel" value="phone" />
        <Field
          {...{ name: 'phone', type: 'tel', autocomplete: 'tel', required: true, maxlength: 32, problem }}
          label={words.phoneField}
          hint={words.phoneHint}
          value={visit.form.given('phone')}
        />
        <button type="submit" class="plain">
          {words.addPhone}
        </button>
      </Form>
      {me.phone === null ? null : (
        <ActionButton visit={visit} action="/account/phone/remove" kind="danger">
          {words.removePhone}
        </ActionButton>
      )}
    </>
  );
};

const Picture = ({ visit, me, problem = null }: Part) => {
  const { profile: words } = accountWords[visit.reader.locale];
  return (
    <>
      {me.hasPicture ? (
        <p>
          <img class="portrait" src="/api/v1/users/me/picture" alt={words.pictureAlt} width={96} height={96} />
        </p>
      ) : null}
      <Form visit={visit} action="/account/picture" files class="narrow">
        <Field
          {...{ name: 'file', type: 'file', accept: 'image/jpeg,image/png', required: true, problem }}
          label={words.pictureField}
          hint={words.pictureHint}
        />
        <button type="submit" class="plain">
          {words.uploadPicture}
        </button>
      </Form>
      {me.hasPicture ? (
        <ActionButton visit={visit} action="/account/picture/remove" kind="danger">
          {words.removePicture}
        </ActionButton>
      ) : null}
    </>
  );
};

/** Saves name, zone and language; the pages change to the language as well. */
export const saveProfile = async (visit: Visit): Promise<Response> => {
  const { form } = visit;
  const fullName = form.given('fullName');
  const locale = form.text('locale') === 'bn' ? ('bn' as const) : ('en' as const);
  const json = { locale, timeZone: form.given('timeZone') ?? null, ...(fullName === undefined ? {} : { fullName }) };
  const outcome = await asked(visit.api.users.me.$put({ json }, visit.once));
  if (!outcome.ok) return profilePage(visit, outcome.problem);
  return visit.go(`/language/${locale}?to=${encodeURIComponent('/account?done=saved')}`);
};

/** Takes the phone number away. */
export const removePhone = async (visit: Visit): Promise<Response> => {
  const outcome = await asked(visit.api.users.me.$put({ json: { phone: null } }, visit.once));
  return visit.done(outcome, '/account', 'removed', (problem) => profilePage(visit, problem));
};
