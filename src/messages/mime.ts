import MailComposer from 'nodemailer/lib/mail-composer';
import type { Content } from './message.ts';

/**
 * The mail that a message is, as MIME: text and HTML as alternatives, and an invitation as the alternative that
 * calendars act on (RFC 6047, 2.4), which is attached as well for those that look only there. Its Message-ID is made of
 * the message's id: whoever receives it twice sees one mail.
 *
 * @param id of the message
 * @param from the address that it comes from, whose domain makes the Message-ID unique
 */
export const composed = async (id: string, from: string, content: Content): Promise<string> => {
  const { to, subject, text, html, calendar, headers = {} } = content;
  const mail = new MailComposer({
    from,
    to: [{ name: '', address: to }],
    subject: subject ?? '',
    text,
    html,
    icalEvent: calendar && { method: calendar.method, content: calendar.ics, filename: 'invite.ics' },
    messageId: messageIdOf(id, from),
    headers: {
      // RFC 3834, so that nobody's out-of-office answers.
      'Auto-Submitted': 'auto-generated',
      'X-Entity-Ref-ID': id,
      ...headers,
    },
    newline: '\r\n',
    // Nothing that a person wrote may make the composer read a file or ask an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return (await mail.compile().build()).toString();
};

/** The Message-ID of a message (RFC 5322, 3.6.4). */
export const messageIdOf = (id: string, from: string): string => `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`;
