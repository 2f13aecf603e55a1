import { asked, wanted } from '../api.ts';
import { Empty, Heading, Pager } from '../components/parts.tsx';
import type { Visit } from '../visit.tsx';
import { EntryCard } from './entry.tsx';
import { VitalPlots } from './plots.tsx';
import { RecordTabs, type Whose } from './whose.tsx';
import { recordWords } from './words.ts';

const shown = '20';
/** Of each measurement, for its plot. */
const plotted = '50';

const kinds = ['history', 'vitals', 'note'] as const;

/** A record: plots of what was measured, and every entry, the latest first. */
export const recordPage = async (visit: Visit, whose: Whose, asks: Readonly<Record<string, string>>) => {
  const words = recordWords[visit.reader.locale];
  const kind = kinds.find((one) => one === asks.kind);
  const query = {
    limit: shown,
    ...(kind === undefined ? {} : { kind }),
    ...(asks.cursor ? { cursor: asks.cursor } : {}),
  };
  const records = visit.api.patients[':id'].records;
  const [entries, vitals] = await Promise.all([
    wanted(records.$get({ param: { id: whose.id }, query })),
    asked(records.$get({ param: { id: whose.id }, query: { kind: 'vitals', limit: plotted } })),
  ] as const);
  return visit.show(
    { title: words.title(whose.name), at: whose.at },
    <>
      <Heading title={words.title(whose.name)}>
        <a class="button" href={`${whose.base}/history/new`}>
          {words.record.addHistory}
        </a>
        <a class="button plain" href={`${whose.base}/vitals/new`}>
          {words.record.addVitals}
        </a>
      </Heading>
      <RecordTabs visit={visit} whose={whose} at="" />
      {vitals.ok ? <VitalPlots visit={visit} entries={vitals.value.items} /> : null}
      <h2 id="entries">{words.record.entries}</h2>
      <ul class="row filters" aria-labelledby="entries">
        {[undefined, ...kinds].map((one) => (
          <li>
            <a
              class="button plain"
              href={one === undefined ? whose.base : `${whose.base}?kind=${one}`}
              {...(one === kind ? { 'aria-current': 'true' } : {})}
            >
              {one === undefined ? words.record.all : words.record.kinds[one]}
            </a>
          </li>
        ))}
      </ul>
      {entries.items.length === 0 ? <Empty icon="file" title={words.record.none} /> : null}
      <ul class="cards">
        {entries.items.map((entry) => (
          <EntryCard visit={visit} whose={whose} entry={entry} />
        ))}
      </ul>
      <Pager visit={visit} nextCursor={entries.nextCursor} />
    </>,
  );
};
