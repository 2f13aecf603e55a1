import type { InferResponseType } from 'hono/client';
import type { PageApi } from '../../api.ts';
import { Icon } from '../../components/icon.tsx';
import { Note } from '../../components/parts.tsx';
import { numberText } from '../../money-and-time.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';

/** What may need somebody. Parts that an admin may not see count nothing. */
export interface Standing {
  readonly doctors: number;
  readonly approvals: number;
  readonly jobs: number;
  readonly system: InferResponseType<PageApi['admin']['system']['$get'], 200> | null;
}

/** What needs somebody now, each with the way to it. */
export const Attention = ({ visit, standing }: { readonly visit: Visit; readonly standing: Standing }) => {
  const words = officeWords[visit.reader.locale].dashboard.attention;
  const { doctors, approvals, jobs, system } = standing;
  const lines: readonly (readonly [count: number, text: (n: string) => string, path: string])[] = [
    [doctors, words.doctors, '/admin/doctors'],
    [approvals, words.approvals, '/admin/appointments?status=awaiting_approval'],
    [jobs, words.jobs, '/admin/jobs'],
    [system?.deadLetters ?? 0, words.deadLetters, '/admin/dead-letters'],
    [system?.messages.givenUp ?? 0, words.messages, '/admin/health/notifications?state=failed'],
    [system?.messages.overdue ?? 0, words.overdue, '/admin/health'],
    [(system?.days.behindSchedule ?? 0) + (system?.days.neverProjected ?? 0), words.days, '/admin/health'],
    [system?.quarantined ?? 0, words.quarantined, '/admin/health'],
  ];
  const needed = lines.filter(([count]) => count > 0);
  return (
    <section aria-labelledby="attention">
      <h2 id="attention">{words.title}</h2>
      {needed.length === 0 ? (
        <p class="soft">
          <Icon name="check" /> {words.nothing}
        </p>
      ) : (
        <Note tone="warn">
          <ul class="todo">
            {needed.map(([count, text, path]) => (
              <li>
                <a href={path}>{text(numberText(count, visit.reader.locale))}</a>
              </li>
            ))}
          </ul>
        </Note>
      )}
    </section>
  );
};
