import { database } from '../../db/client.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import type { DayMessage } from '../../doctor-days/queue.ts';
import { loadSchedules } from '../../doctor-days/schedule-query.ts';
import { loadWaiting } from '../../doctor-days/waitlist-query.ts';
import { unreachable } from '../../domain/result.ts';
import { indexDoctor } from './index-days.ts';

/**
 * Does what a message of the days queue asks. Messages come at least once and in any order, so each reads what is
 * newest now. Throws when it could not be done and the message must come again.
 */
export const consumeDayMessage = async (env: Env, message: DayMessage, nowMs = Date.now()): Promise<void> => {
  switch (message.kind) {
    case 'schedule_changed': {
      const { doctorId, date } = message;
      const schedules = await loadSchedules(database(env.DB), [doctorId], { from: date, to: date });
      const schedule = schedules.get(doctorId);
      if (schedule !== undefined) await doctorDays(env).applySchedule({ doctorId, date }, schedule);
      return;
    }
    case 'waitlist_changed': {
      const { doctorId, date } = message;
      await doctorDays(env).applyWaitlist({ doctorId, date }, await loadWaiting(env.DB, { doctorId, date }));
      return;
    }
    case 'reproject':
      await doctorDays(env).reproject({ doctorId: message.doctorId, date: message.date });
      return;
    case 'index_doctor':
      return indexDoctor(env, message.doctorId, nowMs);
    case 'probe':
      return;
    default:
      unreachable(message);
  }
};
