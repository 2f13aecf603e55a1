import type { Context } from 'hono';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { refuse } from '../../http/problem.ts';
import { pdfAnswer } from '../../pdf/pdf.ts';
import { linesPaper, reportPaper } from './paper.ts';
import type { ReportRow } from './queries.ts';
import type { formats } from './schema.ts';
import { type Line, linesCsv, reportCsv, reportView } from './view.ts';

type Format = (typeof formats)[number];

/** The form in which somebody wants an answer: as the query says, or else the first of `Accept` that there is. */
export const formatOf = (c: Context<AppEnv>, asked: Format | undefined): Format => {
  if (asked !== undefined) return asked;
  const accept = c.req.header('accept') ?? '';
  if (/^\s*text\/csv\b/i.test(accept)) return 'csv';
  return /^\s*application\/pdf\b/i.test(accept) ? 'pdf' : 'json';
};

const csvAnswer = (text: string, name: string, more: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store',
      ...more,
    },
  });

/** A report in the form that is wanted; 404 when there is none. */
export const reportAnswer = async (
  c: Context<AppEnv>,
  row: ReportRow | null,
  asked: Format | undefined,
): Promise<Response> => {
  if (row === null) return refuse(c, refusal('not_found'));
  const name = `report-${row.month}-${row.revision}`;
  switch (formatOf(c, asked)) {
    case 'csv':
      return csvAnswer(reportCsv(row), `${name}.csv`);
    case 'pdf':
      return pdfAnswer(await reportPaper(c.env, row), `${name}.pdf`);
    case 'json':
      return c.json(reportView(row), 200);
  }
};

/** Months of many as a file; the address of what follows stands in `Link` (RFC 8288). */
export const linesAnswer = async (
  c: Context<AppEnv>,
  format: 'csv' | 'pdf',
  month: string,
  { lines, nextCursor }: { readonly lines: readonly Line[]; readonly nextCursor: string | null },
  nowMs: number,
): Promise<Response> => {
  const name = `reports-${month}`;
  const url = new URL(c.req.url);
  if (nextCursor !== null) url.searchParams.set('cursor', nextCursor);
  const link: Record<string, string> =
    nextCursor === null ? {} : { link: `<${url.pathname}${url.search}>; rel="next"` };
  if (format === 'csv') return csvAnswer(linesCsv(month, lines), `${name}.csv`, link);
  const answer = pdfAnswer(await linesPaper(c.env, month, lines, nowMs), `${name}.pdf`);
  for (const [header, value] of Object.entries(link)) answer.headers.set(header, value);
  return answer;
};
