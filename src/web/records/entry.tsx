import type { InferResponseType } from 'hono/client';
import { zoneOf } from '../account/security.tsx';
import type { PageApi } from '../api.ts';
import { Badge, Facts } from '../components/parts.tsx';
import { dayText, numberText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import type { Whose } from './whose.tsx';
import { recordWords } from './words.ts';

/** An entry of a record, as the API gives it. */
export type Entry = InferResponseType<PageApi['patients'][':id']['records']['$get'], 200>['items'][number];

/** What an entry is, in a few words: for headings and for the names of its links. */
const titleOf = (visit: Visit, { kind, history }: Entry): string => {
  const words = recordWords[visit.reader.locale];
  const named = history === undefined ? undefined : words.history.categories[history.category];
  return history === undefined ? (words.record.kinds[kind] ?? kind) : `${named}: ${history.title}`;
};

/** An entry of a record. */
export const EntryCard = ({
  visit,
  whose,
  entry,
}: {
  readonly visit: Visit;
  readonly whose: Whose;
  readonly entry: Entry;
}) => {
  const { record: words } = recordWords[visit.reader.locale];
  const isOwn = entry.authorId === visit.who?.id && entry.kind !== 'note' && entry.withdrawnAt === null;
  const title = titleOf(visit, entry);
  return (
    <li class="card">
      <h3>{title}</h3>
      {entry.withdrawnAt === null ? null : (
        <p>
          <Badge tone="warn">{words.withdrawn}</Badge>
        </p>
      )}
      {entry.history?.text ? <p class="said">{entry.history.text}</p> : null}
      {entry.vitals === undefined ? null : <Facts of={measuredOf(visit, entry.vitals)} />}
      {entry.note === undefined ? null : <Note visit={visit} note={entry.note} />}
      <p class="soft">
        <time datetime={entry.at}>{dayText(entry.at, zoneOf(visit), visit.reader.locale)}</time>
        {` · ${words.says[entry.saidBy] ?? entry.saidBy}`}
        {entry.authorName === null || entry.saidBy === 'patient' ? '' : `: ${entry.authorName}`}
      </p>
      {entry.appointmentId === null && !isOwn ? null : (
        <p class="actions">
          {entry.appointmentId === null ? null : <a href={`/appointments/${entry.appointmentId}`}>{words.visit}</a>}
          {isOwn ? (
            <a href={`${whose.base}/entries/${entry.id}/withdraw`} aria-label={words.withdrawOf(title)}>
              {words.withdraw}
            </a>
          ) : null}
        </p>
      )}
    </li>
  );
};

const Note = ({ visit, note }: { readonly visit: Visit; readonly note: NonNullable<Entry['note']> }) => {
  const { record: words } = recordWords[visit.reader.locale];
  return (
    <>
      {note.text === null ? null : <p class="said">{note.text}</p>}
      {note.diagnoses.length === 0 ? null : (
        <p>
          <strong>{words.diagnoses}:</strong>{' '}
          {note.diagnoses.map(({ code, text }) => (code === null ? text : `${text} (${code})`)).join('; ')}
        </p>
      )}
      {note.version === 1 ? null : <p class="soft">{words.amended(numberText(note.version, visit.reader.locale))}</p>}
    </>
  );
};

const measuredOf = (visit: Visit, vitals: NonNullable<Entry['vitals']>): (readonly [string, string])[] => {
  const { vitals: words } = recordWords[visit.reader.locale];
  const write = (value: number): string => numberText(value, visit.reader.locale);
  const { bloodPressure, ...others } = vitals;
  const pressure =
    bloodPressure === undefined
      ? []
      : [
          [
            words.names.bloodPressure ?? '',
            `${write(bloodPressure.systolic)}/${write(bloodPressure.diastolic)} mmHg`,
          ] as const,
        ];
  return [
    ...pressure,
    ...Object.entries(others).flatMap(([name, one]) =>
      one === undefined
        ? []
        : [[words.names[name] ?? name, `${write(one.value)} ${words.units[one.unit] ?? one.unit}`] as const],
    ),
  ];
};
