import { webhookEventTypes } from '../../../domain/webhook-event.ts';
import { asked, type Problem, wanted } from '../../api.ts';
import { Check, Field, Group, Select } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Badge, Empty, Heading, Note } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { notificationWords } from '../../notifications/words.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';

/** What people are told of the same. */
const kindOf = (type: string): string => {
  const name = type.replace('appointment.', '');
  return name === 'moved' ? 'rescheduled' : name;
};

/** The webhooks of the clinic that the address names. */
export const webhooksPage = async (
  visit: Visit,
  query: Readonly<Record<string, string>>,
  problem: Problem | null = null,
): Promise<Response> => {
  const { api, form } = visit;
  const words = officeWords[visit.reader.locale].reports.webhooks;
  const kinds: Record<string, string> = notificationWords[visit.reader.locale].kinds;
  const clinics = await wanted(api.clinics.$get({ query: { limit: '100' } as never }));
  const clinic = query.clinic || clinics.items[0]?.id;
  const hooks =
    clinic === undefined
      ? []
      : (await wanted(api.clinics[':id'].webhooks.$get({ param: { id: clinic }, query: { limit: '50' } as never })))
          .items;
  return formPage(
    visit,
    { title: words.title, lead: words.lead, at: 'webhooks', problem },
    <>
      <form method="get" action="/admin/webhooks" class="row">
        <Select
          name="clinic"
          label={words.clinic}
          value={clinic}
          options={clinics.items.map(({ id, name }) => [id, name] as const)}
        />
        <button type="submit">{words.show}</button>
      </form>
      {hooks.length === 0 ? <Empty icon="bell" title={words.none} /> : null}
      <ul class="cards">
        {hooks.map((hook) => (
          <li class="card">
            <h2>
              <a href={`/admin/webhooks/${hook.clinicId}/${hook.id}`}>{hook.url}</a>{' '}
              <Badge tone={hook.enabled ? 'good' : 'bad'}>{hook.enabled ? words.on : words.off}</Badge>
            </h2>
            <p class="soft">
              {hook.offReason === null ? '' : `${words.offReasons[hook.offReason] ?? hook.offReason} · `}
              {hook.events === null ? words.everything : (hook.events as string[]).join(', ')}
            </p>
          </li>
        ))}
      </ul>
      {clinic === undefined ? null : (
        <Form visit={visit} action="/admin/webhooks" class="narrow" label={words.add}>
          <h2>{words.add}</h2>
          <input type="hidden" name="clinic" value={clinic} />
          <Field
            {...{ name: 'url', type: 'url', required: true, maxlength: 2000, problem }}
            label={words.url}
            hint={words.urlHint}
            value={form.given('url')}
          />
          <Group legend={words.events}>
            <p class="hint">{words.allEvents}</p>
            {webhookEventTypes.map((type) => (
              <Check
                name="event"
                value={type}
                label={
                  <>
                    {kinds[kindOf(type)] ?? ''} <span class="code soft">{type}</span>
                  </>
                }
                checked={form.all('event').includes(type)}
              />
            ))}
          </Group>
          <button type="submit">{words.button}</button>
        </Form>
      )}
    </>,
  );
};

/** The one page that shows a secret: the answer to the change that made it, and never again. */
export const secretPage = (
  visit: Visit,
  hook: { id: string; clinicId: string; url: string; secret: string },
): Response => {
  const words = officeWords[visit.reader.locale].reports.webhooks;
  return visit.show(
    { title: words.secretTitle, at: 'webhooks' },
    <>
      <Heading title={words.secretTitle} lead={hook.url} />
      <Note tone="warn">
        <p>{words.secretLead}</p>
      </Note>
      <pre class="code">{hook.secret}</pre>
      <p>
        <a class="button" href={`/admin/webhooks/${hook.clinicId}/${hook.id}`}>
          {words.toWebhook}
        </a>
      </p>
    </>,
  );
};

/** Registers a webhook, and shows its secret. */
export const addWebhook = async (visit: Visit): Promise<Response> => {
  const { form } = visit;
  const id = form.text('clinic');
  const chosen = webhookEventTypes.filter((type) => form.all('event').includes(type));
  const json = { url: form.text('url'), events: chosen.length === 0 ? null : chosen };
  const made = await asked(visit.api.clinics[':id'].webhooks.$post({ param: { id }, json }, visit.once));
  return made.ok ? secretPage(visit, made.value) : webhooksPage(visit, { clinic: id }, made.problem);
};
