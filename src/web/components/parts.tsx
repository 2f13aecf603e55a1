import type { Child } from 'hono/jsx';
import type { Visit } from '../visit.tsx';
import { Icon, type IconName } from './icon.tsx';

/** The head of a page: what it is, and what can be done on it. */
export const Heading = ({
  title,
  lead,
  children,
}: {
  readonly title: Child;
  readonly lead?: Child;
  readonly children?: Child;
}) => (
  <div class="heading">
    <div>
      <h1>{title}</h1>
      {lead === undefined ? null : <p class="soft">{lead}</p>}
    </div>
    {children === undefined ? null : <div class="actions">{children}</div>}
  </div>
);

/** A word that says how something stands. Its colour says nothing that the word does not. */
export const Badge = ({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: Child }) => (
  <span class={`badge ${tone}`}>{children}</span>
);

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'blue';

const tones: Readonly<Record<string, Tone>> = {
  confirmed: 'good',
  completed: 'plain',
  pending: 'blue',
  awaiting_approval: 'warn',
  cancelled: 'bad',
  rejected: 'bad',
  no_show: 'bad',
  expired: 'plain',
};

/** How an appointment stands. */
export const StatusBadge = ({ visit, status }: { readonly visit: Visit; readonly status: string }) => (
  <Badge tone={tones[status] ?? 'plain'}>{visit.words.statuses[status] ?? status}</Badge>
);

/** Something said beside the flow of the page. */
export const Note = ({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: Child }) => (
  <div class={`notice ${tone}`}>{children}</div>
);

/** What became otherwise since somebody opened the page that they answer: it is read out, and takes the focus. */
export const Meanwhile = ({ children }: { readonly children: Child }) => (
  <div tabindex={-1} data-focus role="alert" class="notice warn">
    <p>{children}</p>
  </div>
);

/** What stands where a list would be, when there is nothing in it. */
export const Empty = ({
  icon = 'calendar',
  title,
  children,
}: {
  readonly icon?: IconName;
  readonly title: Child;
  readonly children?: Child;
}) => (
  <div class="empty">
    <Icon name={icon} />
    <p>{title}</p>
    {children}
  </div>
);

/** Facts by name. Facts that are `null` or empty are left out. */
export const Facts = ({ of }: { readonly of: readonly (readonly [name: Child, value: Child | null])[] }) => (
  <dl class="facts">
    {of
      .filter(([, value]) => value !== null && value !== '')
      .map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

const headOf = (head: Child): { 'data-head'?: string } =>
  typeof head === 'string' && head !== '' ? { 'data-head': head } : {};

/** A table that scrolls by itself where it is too wide, also by keyboard. */
export const Table = ({
  caption,
  head,
  rows,
  stacks = false,
}: {
  readonly caption: string;
  readonly head: readonly Child[];
  /** The cells of each row; the first names the row. */
  readonly rows: readonly (readonly Child[])[];
  /** Whether its rows are blocks on a phone, each cell with the head of its column: for rows that are read one by one. */
  readonly stacks?: boolean;
}) => (
  // What scrolls must be reachable by keyboard (WCAG 2.1.1).
  <section class={stacks ? 'scroll stacks' : 'scroll'} aria-label={caption} tabindex={0}>
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>{head.map((cell) => (cell === '' ? <td /> : <th scope="col">{cell}</th>))}</tr>
      </thead>
      <tbody>
        {rows.map(([first, ...others]) => (
          <tr>
            <th scope="row">{first}</th>
            {others.map((cell, i) => (
              <td {...headOf(head[i + 1])}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

/** The way to the next page of a list: the same address with its cursor. */
export const Pager = ({ visit, nextCursor }: { readonly visit: Visit; readonly nextCursor: string | null }) => {
  const here = new URL(visit.here, 'http://here');
  const isFirst = !here.searchParams.has('cursor');
  const first = new URL(here);
  first.searchParams.delete('cursor');
  if (nextCursor !== null) here.searchParams.set('cursor', nextCursor);
  if (nextCursor === null && isFirst) return null;
  return (
    <nav class="pager row" aria-label={visit.words.more}>
      {isFirst ? null : <a href={`${first.pathname}${first.search}`}>{visit.words.first}</a>}
      {nextCursor === null ? null : (
        <a class="button plain" href={`${here.pathname}${here.search}`} rel="next">
          {visit.words.more}
        </a>
      )}
    </nav>
  );
};

/** Views of one thing, each with an address of its own. */
export const Tabs = ({
  label,
  at,
  tabs,
}: {
  readonly label: string;
  /** The path of the one that is shown. */
  readonly at: string;
  readonly tabs: readonly (readonly [path: string, text: Child])[];
}) => (
  <nav class="tabs" aria-label={label}>
    <ul>
      {tabs.map(([path, text]) => (
        <li>
          <a href={path} {...(path === at ? { 'aria-current': 'page' } : {})}>
            {text}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

/** The steps of something, and which one this is (from 1). */
export const Steps = ({
  at,
  label,
  names,
}: {
  readonly at: number;
  readonly label: string;
  readonly names: readonly string[];
}) => (
  <ol class="steps" aria-label={label}>
    {names.map((name, i) => (
      <li {...(i + 1 === at ? { 'aria-current': 'step' } : {})} class={i + 1 < at ? 'past' : ''}>
        {name}
      </li>
    ))}
  </ol>
);

/** What stands where something is still on its way. */
export const Skeleton = ({ lines = 3 }: { readonly lines?: number }) => (
  <div class="skeleton" aria-hidden="true">
    {Array.from({ length: lines }, () => (
      <span />
    ))}
  </div>
);
