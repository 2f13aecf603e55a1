import { Empty, Pager, Table } from '../components/parts.tsx';
import { numberText, timeText, zoneText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { privacyWords } from './privacy-words.ts';
import { zoneOf } from './security.tsx';

interface Look {
  readonly at: string;
  readonly role: string;
  readonly name: string | null;
  readonly action: string;
  readonly why: string | null;
}

/** What somebody looked at again within the hour is one row, with how often: a screen that is read anew is no news. */
const folded = (looks: readonly Look[]): (Look & { readonly times: number })[] =>
  [
    ...Map.groupBy(looks, ({ at, role, name, action, why }) =>
      [at.slice(0, 13), role, name, action, why].join(),
    ).values(),
  ].flatMap((same) => same.slice(0, 1).map((newest) => ({ ...newest, times: same.length })));

/** Who looked at a record, page by page, and for what. */
export const Looks = ({
  visit,
  title,
  looks,
}: {
  readonly visit: Visit;
  /** What the table is called: whose record it is. */
  readonly title: string;
  readonly looks: { readonly items: readonly Look[]; readonly nextCursor: string | null };
}) => {
  const { locale } = visit.reader;
  const words = privacyWords[locale];
  const zone = zoneOf(visit);
  return (
    <>
      <p class="soft">
        {words.looksLead} {visit.words.inZone(zoneText(zone, locale, new Date().toISOString()))}
      </p>
      {looks.items.length === 0 ? (
        <Empty icon="check" title={words.nobody} />
      ) : (
        <div class="tight">
          <Table
            caption={title}
            head={[words.when, words.who, words.what, words.why]}
            rows={folded(looks.items).map(({ at, role, name, action, why, times }) => [
              <time datetime={at}>{timeText(at, zone, locale)}</time>,
              `${words.roles[role] ?? role}${name === null ? '' : `: ${name}`}`,
              `${words.actions[action] ?? action}${times > 1 ? ` (${words.times(numberText(times, locale))})` : ''}`,
              why === null ? '' : (words.reasons[why] ?? why),
            ])}
          />
        </div>
      )}
      <Pager visit={visit} nextCursor={looks.nextCursor} />
    </>
  );
};
