import { permissions } from '../../../domain/access.ts';
import { asked, type Problem, wanted } from '../../api.ts';
import { Check, Group, Select } from '../../components/field.tsx';
import { ActionButton, Form } from '../../components/form.tsx';
import { Facts, Note } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { dayText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';

/** One account: its facts, its role and permissions, and whether it may be used. */
export const userPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { reader } = visit;
  const { people, actions } = officeWords[reader.locale];
  const words = people.user;
  const account = await wanted(visit.api.admin.users[':id'].$get({ param: { id } }));
  const day = (at: string) => dayText(at, reader.timeZone ?? 'UTC', reader.locale);
  const isOwn = visit.who?.id === id;
  const known = (text: string, isVerified: boolean) => `${text} (${isVerified ? words.verified : words.unverified})`;
  const path = `/admin/users/${id}`;
  return formPage(
    visit,
    { title: account.fullName, lead: actions.roles[account.role], at: 'users', problem },
    <>
      <Facts
        of={[
          [words.email, known(account.email, account.emailVerified)],
          [words.phone, account.phone === null ? null : known(account.phone, account.phoneVerified)],
          [words.created, day(account.createdAt)],
          [words.deactivated, account.deactivatedAt === null ? null : day(account.deactivatedAt)],
          [words.permissions, account.permissions.map((one) => words.permissionNames[one] ?? one).join(', ')],
        ]}
      />
      <ul class="row">
        {account.role === 'patient' && can(visit, 'appointment.list') ? (
          <li>
            <a href={`/admin/appointments/of/${id}`}>{words.appointments}</a>
          </li>
        ) : null}
        {account.role === 'doctor' && can(visit, 'doctor.verify') ? (
          <li>
            <a href={`/admin/doctors/${id}`}>{words.profile}</a>
          </li>
        ) : null}
        {can(visit, 'audit.read') ? (
          <li>
            <a href={`/admin/audit?actor=${id}`}>{words.audit}</a>
          </li>
        ) : null}
      </ul>
      {isOwn ? <Note>{words.own}</Note> : null}
      {account.role === 'doctor' ? <Note>{words.doctorFixed}</Note> : null}
      {isOwn || account.role === 'doctor' ? null : (
        <Form visit={visit} action={path} class="narrow" label={words.change}>
          <h2>{words.change}</h2>
          <p class="hint">{words.changeHint}</p>
          <Select
            name="role"
            label={words.role}
            value={account.role}
            options={(['patient', 'staff', 'admin'] as const).map(
              (role) => [role, actions.roles[role] ?? role] as const,
            )}
          />
          <Group legend={words.ofAdmins}>
            {permissions.map((one) => (
              <Check
                name="permission"
                value={one}
                label={words.permissionNames[one] ?? one}
                checked={account.permissions.includes(one)}
              />
            ))}
          </Group>
          <button type="submit">{visit.words.save}</button>
        </Form>
      )}
      {isOwn ? null : account.active ? (
        <p>
          <a class="button danger" href={`${path}/deactivate`}>
            {words.deactivate}
          </a>
        </p>
      ) : (
        <ActionButton visit={visit} action={path} fields={{ active: 'true' }} kind="main">
          {words.activate}
        </ActionButton>
      )}
    </>,
  );
};

/** Asks whether an account is to be deactivated. */
export const deactivatePage = async (visit: Visit, id: string): Promise<Response> => {
  const words = officeWords[visit.reader.locale].people.user;
  const { fullName } = await wanted(visit.api.admin.users[':id'].$get({ param: { id } }));
  return formPage(
    visit,
    { title: words.deactivateTitle(fullName), lead: words.deactivateLead, at: 'users' },
    <Form visit={visit} action={`/admin/users/${id}`} class="actions">
      <input type="hidden" name="active" value="false" />
      <button type="submit" class="danger">
        {words.deactivate}
      </button>
      <a class="button plain" href={`/admin/users/${id}`}>
        {visit.words.back}
      </a>
    </Form>,
  );
};

/** Changes an account: whether it is active, or its role and permissions. */
export const changeUser = async (visit: Visit, id: string): Promise<Response> => {
  const { form } = visit;
  const role = form.text('role') as 'patient' | 'staff' | 'admin';
  const chosen = permissions.filter((one) => form.all('permission').includes(one));
  const json = form.has('active')
    ? { active: form.text('active') === 'true' }
    : { role, ...(role === 'admin' ? { permissions: chosen } : {}) };
  const changed = await asked(visit.api.admin.users[':id'].$put({ param: { id }, json }, visit.once));
  return visit.done(changed, `/admin/users/${id}`, 'account_changed', (problem) => userPage(visit, id, problem));
};
