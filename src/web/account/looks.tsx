import { Empty, Pager, Table } from '../components/parts.tsx';
import { timeText, zoneText } from '../money-and-time.ts';
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
            rows={looks.items.map(({ at, role, name, action, why }) => [
              <time datetime={at}>{timeText(at, zone, locale)}</time>,
              `${words.roles[role] ?? role}${name === null ? '' : `: ${name}`}`,
              words.actions[action] ?? action,
              why === null ? '' : (words.reasons[why] ?? why),
            ])}
          />
        </div>
      )}
      <Pager visit={visit} nextCursor={looks.nextCursor} />
    </>
  );
};
