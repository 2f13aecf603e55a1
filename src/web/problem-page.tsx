import type { Problem } from './api.ts';
import { Icon } from './components/icon.tsx';
import { Heading } from './components/parts.tsx';
import { sentenceOf } from './problem-words.ts';
import type { Visit } from './visit.tsx';

/** The page that says why another cannot be shown. Who has to sign in first is led there. */
export const problemPage = (visit: Visit, problem: Problem): Response => {
  const { words, reader, here } = visit;
  if (problem.status === 401) return visit.go(`/login?to=${encodeURIComponent(here)}`);
  if (problem.code === 'enrolment_required') return visit.go('/account/security');
  const known = problem.code === 'cross_site' ? undefined : problem.status;
  const said =
    { 403: words.forbidden, 404: words.missing, 429: words.busy }[known ?? 0] ??
    ({ title: words.wrong.title, lead: sentenceOf(problem, reader) } as const);
  return visit.show(
    { title: said.title, status: problem.status },
    <>
      <Heading title={said.title} lead={said.lead} />
      <p>
        <a class="button plain" href="/">
          <Icon name="search" /> {words.navigation.find}
        </a>
      </p>
    </>,
  );
};
