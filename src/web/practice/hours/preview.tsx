import type { InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import { Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Heading, Note, Table } from '../../components/parts.tsx';
import { clockText, numberText, shortDateText, timeText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { type Draft, rowFields } from './rows.ts';
import { endsNextDay, weeklyText } from './spans.ts';
import { hoursWords } from './words.ts';

type Preview = InferResponseType<PageApi['doctors'][':id']['schedule']['preview']['$post'], 200>;

/** What a weekly schedule would make and whom it would leave outside, before it is saved. */
export const previewPage = (visit: Visit, draft: Draft, preview: Preview): Response => {
  const { locale } = visit.reader;
  const words = hoursWords[locale].previewed;
  return visit.show(
    { title: words.title, at: 'schedule' },
    <>
      <Heading title={words.title} lead={words.notSaved} />
      <p>
        <strong>{words.counts(preview.slotsBefore, preview.slotsAfter)}</strong>
      </p>
      <Overnight visit={visit} draft={draft} />
      <Touched visit={visit} preview={preview} />
      <Form visit={visit} action="/schedule" class="actions">
        <Kept draft={draft} />
        <button type="submit" name="do" value="save">
          {hoursWords[locale].save}
        </button>
        <button type="submit" name="do" value="edit" class="plain">
          {hoursWords[locale].goOn}
        </button>
      </Form>
      <h2>{words.slots}</h2>
      <Table
        caption={words.title}
        head={[words.day, words.number, words.slots]}
        rows={preview.days.map(({ date, slots }) => [
          shortDateText(date, locale),
          numberText(slots.length, locale),
          slots.length === 0
            ? words.closed
            : slots.map(({ startsAt }) => clockText(startsAt, preview.timeZone, locale)).join(', '),
        ])}
      />
    </>,
  );
};

/** An end that was meant for the same day is found out here. */
const Overnight = ({ visit, draft }: { readonly visit: Visit; readonly draft: Draft }) => {
  const { locale } = visit.reader;
  const rows = draft.rows.filter(endsNextDay);
  if (rows.length === 0) return null;
  return (
    <Note tone="warn">
      <p>
        <Icon name="clock" /> <strong>{hoursWords[locale].previewed.overnight}</strong>
      </p>
      <ul>
        {rows.map((row) => (
          <li>{weeklyText(row, locale)}</li>
        ))}
      </ul>
    </Note>
  );
};

const Touched = ({ visit, preview }: { readonly visit: Visit; readonly preview: Preview }) => {
  const { locale } = visit.reader;
  const words = hoursWords[locale].previewed;
  const { touched, appointments } = preview;
  if (touched === 0) return <Note tone="good">{words.touchedNone}</Note>;
  return (
    <Note tone="warn">
      <p>
        <Icon name="alert" /> <strong>{words.touched(touched)}</strong>
      </p>
      <ul>
        {appointments.map(({ appointmentId, patientName, startsAt, timeZone }) => (
          <li>
            <a href={`/day/${appointmentId}`}>{patientName ?? hoursWords[locale].away.nameless}</a>,{' '}
            {timeText(startsAt, timeZone, locale)}
          </li>
        ))}
      </ul>
      {touched > appointments.length ? <p>{words.more(touched - appointments.length)}</p> : null}
      <p>{words.stay}</p>
    </Note>
  );
};

/** The whole form, kept for the next step. */
const Kept = ({ draft }: { readonly draft: Draft }) => (
  <>
    {(['version', 'minimumNoticeMinutes', 'bookingWindowDays'] as const).map((name) => (
      <input type="hidden" name={name} value={draft[name]} />
    ))}
    {draft.approvalRequired ? <input type="hidden" name="approvalRequired" value="on" /> : null}
    {draft.rows.flatMap((row) => rowFields.map((name) => <input type="hidden" name={`${name}[]`} value={row[name]} />))}
  </>
);
