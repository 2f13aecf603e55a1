import type { Settings } from '../../env.ts';
import { fetchOutbound } from '../../http/outbound.ts';
import type { CalendarFault } from './unreadable.ts';

const limits = { timeoutMs: 10_000, maxBytes: 5_000_000, maxRedirects: 3 };
const maxValidator = 256;

/** By what a server tells whether its calendar has changed (RFC 9110 8.8). */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** What became of asking for a calendar. */
export type Fetched =
  | { readonly kind: 'calendar'; readonly text: string; readonly validators: Validators }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'fault'; readonly fault: CalendarFault };

/**
 * Asks for a calendar. Never throws, and tells nobody the address: who has it can read the calendar.
 *
 * @param known of the calendar that is known already; `null` asks for it whatever it is
 */
export const fetchCalendar = async (
  settings: Pick<Settings, 'environment'>,
  address: string,
  known: Validators | null,
  timeoutMs = limits.timeoutMs,
): Promise<Fetched> => {
  const headers = new Headers({ accept: 'text/calendar, */*;q=0.1', 'user-agent': 'Daybook calendar import' });
  if (known?.etag) headers.set('if-none-match', known.etag);
  if (known?.lastModified) headers.set('if-modified-since', known.lastModified);
  const answer = await fetchOutbound(settings, address, { headers }, { ...limits, timeoutMs });
  if (!answer.ok) return { kind: 'fault', fault: answer.why };
  const { status } = answer;
  if (status === 304 && known !== null) return { kind: 'unchanged' };
  if (status < 200 || status > 299) return { kind: 'fault', fault: faultOf(status) };
  const text = new TextDecoder().decode(answer.body);
  const validators = {
    etag: short(answer.headers.get('etag')),
    lastModified: short(answer.headers.get('last-modified')),
  };
  return { kind: 'calendar', text, validators };
};

const faultOf = (status: number): CalendarFault => {
  if (status === 401 || status === 403) return 'not_allowed';
  if (status === 404 || status === 410) return 'gone';
  return 'server_error';
};

const short = (value: string | null): string | null => (value !== null && value.length <= maxValidator ? value : null);
