import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Problem } from './api.ts';
import { FieldContext } from './components/field.tsx';
import { ProblemSummary } from './components/form.tsx';
import { Heading } from './components/parts.tsx';
import type { Page, Visit } from './visit.tsx';

/** A page around a form. After a refusal its title begins with that, and what was refused stands above the form. */
export const formPage = (
  visit: Visit,
  {
    lead,
    above,
    problem = null,
    ...page
  }: Page & {
    readonly lead?: Child;
    /** What stands between the heading and the form, such as the tabs of an area. */
    readonly above?: Child;
    readonly problem?: Problem | null;
  },
  contents: Child,
): Response => {
  // The fields are drawn first: the summary above them leads to those that are wrong.
  const labels = new Map();
  const { locale } = visit.reader;
  const drawn = raw(`${<FieldContext.Provider value={{ locale, labels }}>{contents}</FieldContext.Provider>}`);
  const title = `${problem === null ? '' : visit.words.errorPrefix}${page.title}`;
  return visit.show(
    { ...page, title, ...(problem === null ? {} : { status: problem.status }) },
    <>
      <Heading title={page.title} lead={lead} />
      {above}
      <ProblemSummary visit={visit} problem={problem} labels={labels} />
      {drawn}
    </>,
  );
};
