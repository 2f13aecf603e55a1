import { asked, type Problem, wanted } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Badge, Empty, Pager, Table } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { dayText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';

const roles = ['patient', 'doctor', 'staff', 'admin'] as const;

interface Account {
  readonly id: string;
  readonly fullName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly role: string;
  readonly active: boolean;
  readonly createdAt: string;
}

interface Shown {
  readonly items: readonly Account[];
  readonly nextCursor: string | null;
  readonly problem?: Problem | null;
}

const show = (visit: Visit, query: Readonly<Record<string, string>>, { items, nextCursor, problem = null }: Shown) => {
  const { reader } = visit;
  const { people, actions } = officeWords[reader.locale];
  const words = people.users;
  return formPage(
    visit,
    { title: words.title, lead: words.lead, at: 'users', problem },
    <>
      {can(visit, 'doctor.create') ? (
        <p>
          <a class="button plain" href="/admin/doctors/new">
            {words.newDoctor}
          </a>
        </p>
      ) : null}
      <search>
        <Form visit={visit} action="/admin/users/find" class="row">
          <div class="grow">
            <Field
              {...{ name: 'who', type: 'search', required: true, maxlength: 120, autocomplete: 'off', problem }}
              label={words.find}
              hint={words.findHint}
              value={visit.form.given('who')}
            />
          </div>
          <button type="submit">
            <Icon name="search" /> {visit.words.search}
          </button>
        </Form>
      </search>
      <form method="get" action="/admin/users" class="row">
        <Select
          name="role"
          label={words.role}
          value={query.role}
          options={[['', words.anyRole], ...roles.map((role) => [role, actions.roles[role] ?? role] as const)]}
        />
        <Select
          name="active"
          label={words.state}
          value={query.active}
          options={[
            ['', words.anyState],
            ['true', words.active],
            ['false', words.inactive],
          ]}
        />
        <button type="submit">{words.show}</button>
      </form>
      {items.length === 0 ? (
        <Empty icon="people" title={words.none} />
      ) : (
        <Table
          stacks
          caption={words.caption}
          head={[words.name, words.contact, words.role, words.state, words.since]}
          rows={items.map((account) => [
            <a href={`/admin/users/${account.id}`}>{account.fullName}</a>,
            [account.email, account.phone].filter(Boolean).join(' · '),
            actions.roles[account.role] ?? account.role,
            <Badge tone={account.active ? 'good' : 'bad'}>{account.active ? words.active : words.inactive}</Badge>,
            dayText(account.createdAt, reader.timeZone ?? 'UTC', reader.locale),
          ])}
        />
      )}
      <Pager visit={visit} nextCursor={nextCursor} />
    </>,
  );
};

/** Everybody with an account, newest first. */
export const usersPage = async (visit: Visit, query: Readonly<Record<string, string>>): Promise<Response> => {
  const filter = Object.fromEntries(
    ['role', 'active', 'cursor'].flatMap((name) => (query[name] ? [[name, query[name]]] : [])),
  );
  return show(visit, query, await wanted(visit.api.admin.users.$get({ query: { limit: '25', ...filter } as never })));
};

/** Finds accounts. What is looked for is sent, never part of an address. */
export const findUsers = async (visit: Visit): Promise<Response> => {
  const text = visit.form.text('who');
  const isPhone = /^\+?[\d\s().-]{5,}$/.test(text);
  const json = text.includes('@') ? { email: text } : isPhone ? { phone: text } : { name: text };
  const found = await asked(visit.api.admin.users.search.$post({ json: { ...json, limit: 50 } }));
  if (found.ok) return show(visit, {}, { ...found.value, nextCursor: null });
  const [fault] = Object.values(found.problem.fields);
  const fields: Record<string, string> = fault === undefined ? {} : { who: fault };
  const problem = { ...found.problem, fields };
  return show(visit, {}, { items: [], nextCursor: null, problem });
};
