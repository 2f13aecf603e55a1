import { zoneOf } from '../account/security.tsx';
import { asked, wanted } from '../api.ts';
import { Field } from '../components/field.tsx';
import { ActionButton } from '../components/form.tsx';
import { dayText } from '../money-and-time.ts';
import { problemPage } from '../problem-page.tsx';
import type { Visit } from '../visit.tsx';
import type { NotificationWords } from './words.ts';

const path = '/notifications/preferences';
const maxName = 60;

/** The devices that show what happens, and the key that browsers subscribe with. */
export const devicesOf = (visit: Visit) => wanted(visit.api.users.me['push-subscriptions'].$get());

/** Devices that are told by push, to remove; and where this deployment can, this one to add, by a script. */
export const Devices = ({
  visit,
  words,
  devices: { items, applicationServerKey },
}: {
  readonly visit: Visit;
  readonly words: NotificationWords;
  readonly devices: Awaited<ReturnType<typeof devicesOf>>;
}) => {
  if (applicationServerKey === null && items.length === 0) return null;
  return (
    <>
      <h2>{words.devices}</h2>
      <p>{items.length === 0 ? words.noDevices : words.devicesLead}</p>
      <ul class="cards">
        {items.map(({ id, name, createdAt }) => (
          <li class="card">
            <p>
              {name} <span class="soft">· {dayText(createdAt, zoneOf(visit), visit.reader.locale)}</span>
            </p>
            <ActionButton {...{ visit, action: `${path}/devices/remove`, fields: { id }, label: words.removeOf(name) }}>
              {visit.words.remove}
            </ActionButton>
          </li>
        ))}
      </ul>
      {applicationServerKey === null ? null : (
        <form
          {...{ method: 'post', action: path, class: 'narrow', hidden: true }}
          data-push={applicationServerKey}
          data-done={`${path}?done=saved`}
          data-failed={words.deviceFailed}
        >
          <input type="hidden" name="csrf" value={visit.csrfToken} />
          <Field {...{ name: 'name', required: true, maxlength: maxName }} label={words.deviceName} />
          <p role="status" class="bad" />
          <button type="submit">{words.thisDevice}</button>
        </form>
      )}
    </>
  );
};

/** Removes a device. */
export const removeDevice = async (visit: Visit): Promise<Response> => {
  const param = { id: visit.form.text('id') };
  const outcome = await asked(visit.api.users.me['push-subscriptions'][':id'].$delete({ param }));
  return visit.done(outcome, path, 'removed', (problem) => problemPage(visit, problem));
};
