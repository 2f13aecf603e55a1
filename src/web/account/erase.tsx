import { asked, type Problem } from '../api.ts';
import { Form } from '../components/form.tsx';
import { Heading, Note } from '../components/parts.tsx';
import { formPage } from '../form-page.tsx';
import { numberText } from '../money-and-time.ts';
import type { NavigationKey } from '../navigation.ts';
import type { Visit } from '../visit.tsx';
import type { Notice } from '../words/notices.ts';
import { OwnPassword } from './password-fields.tsx';
import { privacyWords } from './privacy-words.ts';

/** Whom it is about, and where its pages are. */
export interface Erasing {
  readonly id: string;
  /** Of somebody else than who is signed in. */
  readonly name: string | null;
  readonly path: string;
  /** Where to when it is not to be, and when it is done. */
  readonly back: string;
  readonly after: string;
  readonly notice: Notice;
  readonly at: NavigationKey;
}

/** Who is signed in, with everything. */
export const erasingMe = (visit: Visit): Erasing => ({
  ...{ id: visit.who?.id ?? '', name: null, path: '/account/erase', back: '/account/privacy', after: '/' },
  ...{ notice: 'erased', at: 'account' },
});

const titleOf = (visit: Visit, { name }: Erasing): string => {
  const words = privacyWords[visit.reader.locale];
  return name === null ? words.eraseTitle : words.erasePerson(name);
};

/** The first step of erasing somebody: what it does, and the password. */
export const erasePage = (visit: Visit, whom: Erasing, problem: Problem | null = null): Response => {
  const words = privacyWords[visit.reader.locale];
  return formPage(
    visit,
    { title: titleOf(visit, whom), at: whom.at, problem },
    <>
      <ul>
        {(whom.name === null ? words.consequences : words.personConsequences).map((one) => (
          <li>{one}</li>
        ))}
      </ul>
      <Form visit={visit} action={whom.path} class="narrow">
        <OwnPassword label={words.password} problem={problem} />
        <p class="actions">
          <button type="submit" class="danger">
            {words.goOn}
          </button>
          <a class="button plain" href={whom.back}>
            {visit.words.cancel}
          </a>
        </p>
      </Form>
    </>,
  );
};

/** The last step: what exactly will go, and the button. */
export const offerErasure = async (visit: Visit, whom: Erasing): Promise<Response> => {
  const words = privacyWords[visit.reader.locale];
  const json = { password: visit.form.exact('password') };
  const offer = await asked(visit.api.users[':id'].erasure.$post({ param: { id: whom.id }, json }));
  if (!offer.ok) return erasePage(visit, whom, offer.problem);
  const { confirmation, appointments, dependants } = offer.value;
  const count = (n: number): [string, boolean] => [numberText(n, visit.reader.locale), n === 1];
  return visit.show(
    { title: words.lastTitle, at: whom.at },
    <>
      <Heading title={words.lastTitle} lead={titleOf(visit, whom)} />
      <Note tone="warn">
        <p>{words.appointments(...count(appointments))}</p>
        {dependants > 0 ? <p>{words.dependants(...count(dependants))}</p> : null}
      </Note>
      <Form visit={visit} action={`${whom.path}/confirm`}>
        <input type="hidden" name="confirmation" value={confirmation} />
        <p class="actions">
          <button type="submit" class="danger">
            {words.final}
          </button>
          <a class="button plain" href={whom.back}>
            {words.keep}
          </a>
        </p>
      </Form>
    </>,
  );
};

/** Erases somebody, as confirmed. */
export const erase = async (visit: Visit, whom: Erasing): Promise<Response> => {
  const json = { confirmation: visit.form.text('confirmation') };
  const outcome = await asked(visit.api.users[':id'].$delete({ param: { id: whom.id }, json }, visit.once));
  if (!outcome.ok) return erasePage(visit, whom, outcome.problem);
  if (whom.name === null) await visit.api.auth.logout.$post({ json: {} as never });
  return visit.go(whom.after, whom.notice);
};
