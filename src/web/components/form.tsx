import type { Child } from 'hono/jsx';
import type { Problem } from '../api.ts';
import { sentenceOf } from '../problem-words.ts';
import type { Visit } from '../visit.tsx';
import { faultSentence, faultText } from '../words/faults.ts';
import type { FieldLabels } from './field.tsx';
import { Icon } from './icon.tsx';

/**
 * A form that changes something. It works without scripts, carries the token against forged changes, and a key that
 * makes the change happen once (`visit.once`), however often the button is pressed.
 */
export const Form = ({
  visit,
  action,
  files = false,
  again = false,
  label,
  class: className,
  children,
}: {
  readonly visit: Visit;
  readonly action: string;
  /** Whether a file may be sent along. */
  readonly files?: boolean;
  /** Whether it gives a file to keep, so that the page stays and the form may be sent again. */
  readonly again?: boolean;
  /** What the form is called, where several stand on a page. */
  readonly label?: string;
  readonly class?: string;
  readonly children: Child;
}) => (
  <form
    method="post"
    action={action}
    {...(files ? { enctype: 'multipart/form-data' } : {})}
    {...(again ? { 'data-again': '' } : {})}
    {...(label === undefined ? {} : { 'aria-label': label })}
    {...(className === undefined ? {} : { class: className })}
  >
    <input type="hidden" name="csrf" value={visit.csrfToken} />
    <input type="hidden" name="key" value={crypto.randomUUID()} />
    {children}
  </form>
);

/** One button that changes something by itself. */
export const ActionButton = ({
  visit,
  action,
  fields = {},
  kind = 'plain',
  label,
  children,
}: {
  readonly visit: Visit;
  readonly action: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly kind?: 'main' | 'plain' | 'danger';
  /** What the button is called, where its text alone would not tell it from others of the page. */
  readonly label?: string;
  readonly children: Child;
}) => (
  <Form visit={visit} action={action} class="inline">
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button type="submit" class={kind} {...(label === undefined ? {} : { 'aria-label': label })}>
      {children}
    </button>
  </Form>
);

/** What was refused, above the form that asked for it: it is read out, and takes the focus. */
export const ProblemSummary = ({
  visit,
  problem,
  sentence,
  labels = new Map(),
}: {
  readonly visit: Visit;
  readonly problem: Problem | null;
  /** What is said of it, where the page knows better than the API what the reader saw. */
  readonly sentence?: string;
  /** The fields of the form, to lead to those that are wrong. */
  readonly labels?: FieldLabels;
}) => {
  if (problem === null) return null;
  const { reader, words } = visit;
  const faults = Object.entries(problem.fields);
  const isMarked = problem.code === 'invalid_request' && faults.length > 0;
  return (
    <div class="notice bad" role="alert" tabindex={-1} data-focus>
      <p>
        <Icon name="alert" /> <strong>{sentence ?? (isMarked ? words.marked : sentenceOf(problem, reader))}</strong>
      </p>
      {faults.length === 0 ? null : (
        <ul>
          {faults.map(([path, message]) => {
            const field = labels.get(path);
            return (
              <li>
                {field === undefined ? (
                  faultSentence(message, reader.locale)
                ) : (
                  <a href={`#${field.id}`}>
                    {field.label}: {faultText(message, reader.locale)}
                  </a>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
};
