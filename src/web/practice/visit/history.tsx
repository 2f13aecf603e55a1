import { Icon } from '../../components/icon.tsx';
import { Badge } from '../../components/parts.tsx';
import { dayText, numberText } from '../../money-and-time.ts';
import { Medicine } from '../../records/medicine.tsx';
import type { Visit } from '../../visit.tsx';
import type { Chart, Entries, Shown } from './read.ts';
import { visitWords } from './words.ts';

/** What is known from before: the record, what was prescribed, and the documents that the patient gave. */
export const History = ({ shown, chart }: { readonly shown: Shown; readonly chart: Chart }) => {
  const { visit, appointment } = shown;
  const { entries, prescriptions, documents } = chart;
  const { locale } = visit.reader;
  const words = visitWords[locale];
  const day = (at: string): string => dayText(at, appointment.timeZone, locale);
  return (
    <div id="history" data-refresh>
      <section class="card" aria-labelledby="record">
        <h2 id="record">{words.history.title}</h2>
        {entries.length === 0 ? <p class="soft">{words.history.empty}</p> : null}
        <ul class="entries">
          {entries.map((entry) => (
            <li>
              <p class="soft">
                {day(entry.at)} · {words.history.kinds[entry.kind]}
                {entry.authorName === null ? '' : ` · ${words.history.by(entry.authorName)}`}
              </p>
              {entry.withdrawnAt === null ? (
                <Said visit={visit} entry={entry} />
              ) : (
                <p class="soft">{words.history.withdrawn}</p>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="prescribed">
        <h2 id="prescribed">{words.prescriptions.title}</h2>
        {prescriptions.length === 0 ? <p class="soft">{words.prescriptions.empty}</p> : null}
        <ul class="entries">
          {prescriptions.map(({ id, issuedAt, state, items }) => (
            <li>
              <p class="soft">
                {day(issuedAt)} <Badge>{words.prescriptions.states[state]}</Badge>
              </p>
              <ul class="plain-list">
                {items.map((item) => (
                  <li>
                    <Medicine of={item} />
                  </li>
                ))}
              </ul>
              <a href={`/api/v1/prescriptions/${id}/prescription.pdf`}>
                <Icon name="file" /> {words.prescriptions.paper}, {day(issuedAt)}
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="documents">
        <h2 id="documents">{words.documents.title}</h2>
        {documents.length === 0 ? <p class="soft">{words.documents.empty}</p> : null}
        <ul class="entries">
          {documents.map(({ id, name, uploadedAt }) => (
            <li>
              <a href={`/api/v1/documents/${id}`}>
                <Icon name="file" /> {name ?? words.documents.nameless}, {day(uploadedAt)}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
};

const Said = ({ visit, entry }: { readonly visit: Visit; readonly entry: Entries[number] }) => {
  if (entry.history !== undefined)
    return (
      <p>
        <strong>{entry.history.title}</strong>
        {entry.history.text === null ? '' : `: ${entry.history.text}`}
      </p>
    );
  if (entry.vitals !== undefined) return <p>{measured(visit, entry.vitals).join(' · ')}</p>;
  if (entry.note !== undefined)
    return (
      <>
        <p class="lines">{entry.note.text}</p>
        {entry.note.diagnoses.map(({ code, text }) => (
          <p>
            <strong>{text}</strong> {code ?? ''}
          </p>
        ))}
      </>
    );
  return null;
};

const units: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  '/min': '/min',
  Cel: '°C',
  '[degF]': '°F',
  '[lb_av]': 'lb',
  '[in_i]': 'in',
};

/** What was measured, each with its unit. */
export const measured = (visit: Visit, vitals: NonNullable<Entries[number]['vitals']>): string[] => {
  const { names } = visitWords[visit.reader.locale].vitals;
  const number = (value: number): string => numberText(value, visit.reader.locale, { maximumFractionDigits: 1 });
  return Object.entries(vitals).flatMap(([name, one]) => {
    if (one === undefined) return [];
    const value = 'value' in one ? number(one.value) : `${number(one.systolic)}/${number(one.diastolic)}`;
    return [`${names[name]} ${value} ${units[one.unit] ?? one.unit}`];
  });
};
