import { asked, type Problem, wanted } from '../../api.ts';
import { Check, Field } from '../../components/field.tsx';
import { ActionButton, Form } from '../../components/form.tsx';
import { Note, Table } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { can } from '../gate.ts';
import { officeWords } from '../words/words.ts';
import { HealthTabs } from './health.tsx';

type Query = Readonly<Record<string, string>>;

interface DayCheck {
  readonly doctorId: string;
  readonly date: string;
  readonly open: boolean;
  readonly findings: readonly {
    readonly appointmentId: string;
    readonly kind: string;
    readonly fields: readonly string[];
  }[];
}

interface Swept {
  readonly checked: number;
  readonly repaired: number;
  readonly unreached: readonly unknown[];
  readonly items: readonly DayCheck[];
  readonly nextCursor: string | null;
}

/** Comparing doctor-days with the database: the one of the address, or a page of all that are open. */
export const daysPage = async (
  visit: Visit,
  query: Query,
  { swept = null, problem = null }: { readonly swept?: Swept | null; readonly problem?: Problem | null } = {},
): Promise<Response> => {
  const { reader, api } = visit;
  const { days: words, health } = officeWords[reader.locale].system;
  const { doctor: id = '', date = '' } = query;
  const isAsked = id !== '' && date !== '' && problem === null;
  const checked = isAsked ? await asked(api.admin.system.days[':id'][':date'].$get({ param: { id, date } })) : null;
  const n = (value: number) => numberText(value, reader.locale);
  const mayRepair = can(visit, 'system.repair');
  return formPage(
    visit,
    {
      ...{ title: health.tabs.days, lead: words.lead, at: 'health' },
      problem: problem ?? (checked?.ok === false ? checked.problem : null),
      above: <HealthTabs visit={visit} at="/admin/health/days" />,
    },
    <>
      <h2>{words.one}</h2>
      <form method="get" action="/admin/health/days" class="row">
        <Field {...{ name: 'doctor', required: true, maxlength: 64 }} label={health.doctor} value={id} />
        <Field {...{ name: 'date', type: 'date', required: true }} label={health.date} value={date} />
        <button type="submit">{words.run}</button>
      </form>
      {checked?.ok ? (
        <>
          <Day visit={visit} day={checked.value} />
          {mayRepair && checked.value.open ? (
            <ActionButton visit={visit} action="/admin/health/days/repair" fields={{ doctor: id, date }}>
              {words.repair}
            </ActionButton>
          ) : null}
        </>
      ) : null}
      {mayRepair && id !== '' ? (
        <div class="actions">
          <ActionButton visit={visit} action="/admin/health/days/rebuild" fields={{ doctor: id }}>
            {words.rebuild}
          </ActionButton>{' '}
          <span class="soft">{words.rebuildLead}</span>
        </div>
      ) : null}
      {mayRepair ? (
        <>
          <h2>{words.sweep}</h2>
          <p class="soft">{words.sweepLead}</p>
          {swept === null ? null : (
            <div role="status">
              <Note tone={swept.items.length === 0 && swept.unreached.length === 0 ? 'good' : 'warn'}>
                <p>
                  {[
                    words.checked(n(swept.checked)),
                    swept.items.length === 0 ? words.allSame : words.differs(n(swept.items.length)),
                    swept.repaired === 0 ? '' : words.repaired(n(swept.repaired)),
                    swept.unreached.length === 0 ? '' : words.unreached(n(swept.unreached.length)),
                  ]
                    .filter((part) => part !== '')
                    .join(' · ')}
                </p>
              </Note>
            </div>
          )}
          {swept?.items.map((day) => (
            <Day visit={visit} day={day} />
          ))}
          <Form visit={visit} action="/admin/health/days/sweep" class="actions" label={words.sweep}>
            <Check name="repair" label={words.repairToo} checked={visit.form.has('repair')} />
            {swept?.nextCursor == null ? null : <input type="hidden" name="cursor" value={swept.nextCursor} />}
            <button type="submit">{swept?.nextCursor == null ? words.run : words.goOn}</button>
          </Form>
        </>
      ) : null}
    </>,
  );
};

const Day = ({ visit, day }: { readonly visit: Visit; readonly day: DayCheck }) => {
  const words = officeWords[visit.reader.locale].system.days;
  const { doctorId, date, open, findings } = day;
  if (findings.length === 0) return <Note tone="good">{open ? words.same : words.closed}</Note>;
  return (
    <>
      <h3>
        <a href={`/admin/health/days?doctor=${doctorId}&date=${date}`}>{date}</a>{' '}
        <span class="soft">{words.differs(numberText(findings.length, visit.reader.locale))}</span>
      </h3>
      <Table
        stacks
        caption={`${words.caption}: ${date}`}
        head={[words.appointment, words.kind, words.fields]}
        rows={findings.map(({ appointmentId, kind, fields }) => [
          <a class="code" href={`/admin/appointments/${appointmentId}`}>
            {appointmentId}
          </a>,
          words.kinds[kind] ?? kind,
          fields.join(', '),
        ])}
      />
    </>
  );
};

const dayOf = (visit: Visit) => ({ id: visit.form.text('doctor'), date: visit.form.text('date') });

/** Makes the database show a day as it is. */
export const repairDay = async (visit: Visit): Promise<Response> => {
  const param = dayOf(visit);
  const done = await asked(visit.api.admin.system.days[':id'][':date'].repair.$post({ param }, visit.once));
  const query = { doctor: param.id, date: param.date };
  return visit.done(done, `/admin/health/days?${new URLSearchParams(query)}`, 'repaired', (problem) =>
    daysPage(visit, query, { problem }),
  );
};

/** Has every open day of a doctor write all it holds once more. */
export const rebuildDoctor = async (visit: Visit): Promise<Response> => {
  const { id } = dayOf(visit);
  const done = await asked(visit.api.admin.doctors[':id'].rebuild.$post({ param: { id } }, visit.once));
  return visit.done(done, `/admin/health/days?doctor=${encodeURIComponent(id)}`, 'rebuilding', (problem) =>
    daysPage(visit, { doctor: id }, { problem }),
  );
};

/** Checks the next open days, and repairs them if that is asked. */
export const sweepDays = async (visit: Visit): Promise<Response> => {
  const { form, api } = visit;
  const cursor = form.given('cursor');
  const json = { limit: 20, repair: form.has('repair'), ...(cursor === undefined ? {} : { cursor }) };
  return daysPage(visit, {}, { swept: await wanted(api.admin.system.sweep.$post({ json }, visit.once)) });
};
