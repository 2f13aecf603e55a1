import type { Settings } from '../env.ts';
import type { Organizer } from './invite.ts';
import { type ReplyKey, replyAddress } from './reply-address.ts';

/**
 * Who invites: the clinic, at the address that takes the answer of this account to this appointment. Where the
 * deployment reads no answers, at the sender's address, and none is asked for.
 */
export const organizerOf = async (
  { calendarReplies, dataKey, mailFrom }: Pick<Settings, 'calendarReplies' | 'dataKey' | 'mailFrom'>,
  key: ReplyKey,
  clinicName: string | null,
): Promise<Organizer> => ({
  name: clinicName ?? 'Daybook',
  address: calendarReplies === null ? mailFrom : await replyAddress(calendarReplies, dataKey, key),
  readsAnswers: calendarReplies !== null,
});
