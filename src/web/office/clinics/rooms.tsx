import { asked, type Problem, wanted } from '../../api.ts';
import { Field } from '../../components/field.tsx';
import { ActionButton, Form } from '../../components/form.tsx';
import { Badge, Empty } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';
import { ClinicTabs } from './frame.tsx';

/** The rooms and devices of a clinic. */
export const roomsPage = async (visit: Visit, id: string, problem: Problem | null = null): Promise<Response> => {
  const { api } = visit;
  const words = officeWords[visit.reader.locale].clinics.rooms;
  const [clinic, { items }] = await Promise.all([
    wanted(api.clinics[':id'].$get({ param: { id } })),
    wanted(api.clinics[':id'].resources.$get({ param: { id }, query: { limit: '100' } as never })),
  ]);
  const path = `/admin/clinics/${id}/rooms`;
  return formPage(
    visit,
    {
      ...{ title: clinic.name, lead: words.lead, at: 'clinics', problem },
      above: <ClinicTabs visit={visit} id={id} at={path} />,
    },
    <>
      {items.length === 0 ? <Empty icon="pin" title={words.none} /> : null}
      <ul class="cards many">
        {items.map((room) => (
          <li class="card">
            <h2>
              {room.name}{' '}
              <Badge tone={room.active ? 'good' : 'plain'}>{room.active ? words.inUse : words.notInUse}</Badge>
            </h2>
            <p class="soft">{room.kind.replaceAll('-', ' ')}</p>
            <Form visit={visit} action={`${path}/${room.id}`} class="row" label={`${words.rename}: ${room.name}`}>
              <div class="grow">
                <Field
                  {...{ name: 'name', required: true, maxlength: 80 }}
                  id={`name-${room.id}`}
                  label={words.name}
                  value={room.name}
                />
              </div>
              <button type="submit" class="plain">
                {words.rename}
              </button>
            </Form>
            <div class="actions">
              <ActionButton
                visit={visit}
                action={`${path}/${room.id}`}
                fields={{ active: room.active ? 'false' : 'true' }}
                label={`${room.active ? words.takeOut : words.putBack}: ${room.name}`}
              >
                {room.active ? words.takeOut : words.putBack}
              </ActionButton>
            </div>
          </li>
        ))}
      </ul>
      <Form visit={visit} action={path} class="narrow" label={words.addTitle}>
        <h2>{words.addTitle}</h2>
        <Field
          {...{ name: 'kind', required: true, maxlength: 40, problem }}
          label={words.kind}
          hint={words.kindHint}
          value={visit.form.given('kind')}
        />
        <Field
          {...{ name: 'name', required: true, maxlength: 80, problem }}
          label={words.name}
          value={visit.form.given('name')}
        />
        <button type="submit">{words.add}</button>
      </Form>
    </>,
  );
};

/** Adds a room or device. */
export const addRoom = async (visit: Visit, id: string): Promise<Response> => {
  const json = { kind: visit.form.text('kind'), name: visit.form.text('name') };
  const added = await asked(visit.api.clinics[':id'].resources.$post({ param: { id }, json }, visit.once));
  return visit.done(added, `/admin/clinics/${id}/rooms`, 'saved', (problem) => roomsPage(visit, id, problem));
};

/** Renames a room or device, or takes it out of use or back into it. */
export const changeRoom = async (visit: Visit, id: string, resourceId: string): Promise<Response> => {
  const { form } = visit;
  const json = form.has('active') ? { active: form.text('active') === 'true' } : { name: form.text('name') };
  const param = { id, resourceId };
  const saved = await asked(visit.api.clinics[':id'].resources[':resourceId'].$put({ param, json }, visit.once));
  return visit.done(saved, `/admin/clinics/${id}/rooms`, 'saved', (problem) => roomsPage(visit, id, problem));
};
