import PostalMime, { type Email } from 'postal-mime';
import { onlySender } from './only-sender.ts';
import { isAuthentic } from './sender.ts';

/** An answer of a program is a few kilobytes; some quote the invitation below it. */
const maxBytes = 256 * 1024;
const limits = { maxNestingDepth: 8, maxHeadersSize: 64 * 1024, maxRfc822NestingDepth: 0 };

/** What a mail says that may be an answer to an invitation. */
export interface AnswerMail {
  /** Who it comes from, as its From says; folded as addresses of accounts are. */
  readonly from: string;
  /** Whether the receiving server says that it does. */
  readonly authentic: boolean;
  /** Its iCalendar parts. */
  readonly calendars: readonly string[];
}

/** Reads a mail; `null` for one that is too large, cannot be read, or does not come from one person. */
export const readMail = async (message: ForwardableEmailMessage): Promise<AnswerMail | null> => {
  if (message.rawSize > maxBytes) return null;
  const email = await parsed(await new Response(message.raw).arrayBuffer());
  const isFrom = email?.headers.filter(({ key }) => key === 'from') ?? [];
  const address = onlySender(isFrom[0]?.value ?? '', email?.from?.name ?? '');
  if (email === null || isFrom.length !== 1 || address === null || email.from?.address !== address) return null;
  const from = address.toLowerCase().normalize('NFC');
  const calendars = email.attachments
    .filter(({ mimeType }) => mimeType === 'text/calendar' || mimeType === 'application/ics')
    .flatMap(({ content }) => (typeof content === 'string' ? [content] : []));
  return { from, authentic: isAuthentic(email.headers, from), calendars };
};

const parsed = async (raw: ArrayBuffer): Promise<Email | null> => {
  try {
    return await PostalMime.parse(raw, { ...limits, attachmentEncoding: 'utf8' });
  } catch {
    return null;
  }
};
