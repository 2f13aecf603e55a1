import { wanted } from '../../api.ts';
import { Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Note, Table } from '../../components/parts.tsx';
import { formPage } from '../../form-page.tsx';
import { numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';
import { AuditTabs } from './audit.tsx';

/** Steps of the check that one press of the button takes. */
const steps = 5;

interface Verdict {
  readonly rows: number;
  readonly unsealed: number;
  readonly findings: readonly { readonly stream: string; readonly seq: number; readonly fault: string }[];
  readonly anchor: { readonly date: string; readonly intact: boolean } | null;
  readonly nextCursor: string | null;
}

/** The check of the audit's chain, its anchors and the export; with what a check has found, when there was one. */
export const verifyPage = async (visit: Visit, verdict: Verdict | null = null): Promise<Response> => {
  const { reader } = visit;
  const { audit, verify } = officeWords[reader.locale].system;
  const { dates } = await wanted(visit.api.admin.audit.anchors.$get());
  return formPage(
    visit,
    {
      ...{ title: audit.tabs.verify, lead: verify.lead, at: 'audit' },
      above: <AuditTabs visit={visit} at="/admin/audit/verify" />,
    },
    <>
      {verdict === null ? null : <Result visit={visit} verdict={verdict} />}
      <Form visit={visit} action="/admin/audit/verify">
        {verdict === null || verdict.nextCursor === null ? null : (
          <>
            <input type="hidden" name="cursor" value={verdict.nextCursor} />
            <input type="hidden" name="rows" value={String(verdict.rows)} />
          </>
        )}
        <button type="submit">{verdict?.nextCursor == null ? verify.run : verify.goOn}</button>
      </Form>
      <h2>{verify.anchors}</h2>
      <p class="soft">{verify.anchorsLead}</p>
      {dates.length === 0 ? <p>{verify.noAnchors}</p> : null}
      <ul class="row">
        {dates
          .slice(-31)
          .reverse()
          .map((date) => (
            <li>
              <a href={`/api/v1/admin/audit/anchors/${date}`}>
                <Icon name="download" /> {date}
              </a>
            </li>
          ))}
      </ul>
      <p>
        <a href="/api/v1/admin/audit/export">
          <Icon name="download" /> {verify.exportAll}
        </a>
      </p>
    </>,
  );
};

const Result = ({ visit, verdict }: { readonly visit: Visit; readonly verdict: Verdict }) => {
  const words = officeWords[visit.reader.locale].system.verify;
  const n = (value: number) => numberText(value, visit.reader.locale);
  const { findings, anchor, rows, unsealed, nextCursor } = verdict;
  const isWhole = findings.length === 0 && anchor?.intact !== false;
  const said = nextCursor === null ? words.whole(n(rows)) : words.soFar(n(rows));
  return (
    <>
      <div role="status">
        <Note tone={isWhole ? 'good' : 'bad'}>
          <p>
            <Icon name={isWhole ? 'check' : 'alert'} />{' '}
            <strong>
              {isWhole ? said : findings.length === 0 ? words.anchorBroken : words.broken(n(findings.length))}
            </strong>
          </p>
          <p>{anchor === null ? words.noAnchor : words.anchor(anchor.date)}</p>
          {unsealed === 0 ? null : <p>{words.unsealed(n(unsealed))}</p>}
        </Note>
      </div>
      {findings.length === 0 ? null : (
        <Table
          stacks
          caption={words.caption}
          head={[words.stream, words.number, words.fault]}
          rows={findings.map(({ stream, seq, fault }) => [
            <a class="code" href={`/admin/audit?stream=${encodeURIComponent(stream)}`}>
              {stream}
            </a>,
            n(seq),
            words.faults[fault] ?? fault,
          ])}
        />
      )}
    </>
  );
};

/** Checks the chain a few pages on, from where the form says. */
export const verify = async (visit: Visit): Promise<Response> => {
  const before = Number(visit.form.given('rows') ?? 0);
  let found: Verdict = {
    ...{ rows: before, unsealed: 0, findings: [], anchor: null },
    nextCursor: visit.form.given('cursor') ?? null,
  };
  for (let i = 0; i < steps; i += 1) {
    const query = found.nextCursor === null ? {} : { cursor: found.nextCursor };
    const page = await wanted(visit.api.admin.audit.verify.$get({ query }));
    found = {
      rows: found.rows + page.rows,
      unsealed: found.unsealed + page.unsealed,
      findings: [...found.findings, ...page.findings],
      anchor: page.anchor ?? found.anchor,
      nextCursor: page.nextCursor,
    };
    if (page.nextCursor === null) break;
  }
  return verifyPage(visit, found);
};
