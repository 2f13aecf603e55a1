import { describeError, report } from '../../http/log.ts';
import { takeReply } from './consume.ts';

/** What the sender reads of an answer that brought the right token and changed nothing. */
const unchanged = 'Your answer changed nothing. Please look at the appointment in Daybook.';
const outOfReach = 'Your answer could not be taken now. Please answer again later, or cancel in Daybook.';

/**
 * The Email Worker: mail to the address for answers to invitations. It forwards, answers and stores no mail. Who may not
 * know whether an appointment exists learns nothing: what has no good token is taken and forgotten. Logs name why.
 */
export const receiveMail = async (message: ForwardableEmailMessage, env: Env, nowMs: number): Promise<void> => {
  try {
    const outcome = await takeReply(env, message, nowMs);
    if (outcome.type === 'ignored' || outcome.type === 'refused')
      report('calendar_reply_unheeded', { type: outcome.type, why: outcome.why });
    if (outcome.type === 'refused') message.setReject(unchanged);
  } catch (error) {
    report('calendar_reply_failed', describeError(error));
    message.setReject(outOfReach);
  }
};
