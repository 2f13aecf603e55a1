import type { Context } from 'hono';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { roomHours, roomUrl } from '../../domain/visits/video.ts';
import type { AppEnv } from '../../http/context.ts';
import { keyedHash } from '../identity/keyed-hash.ts';
import { confirmedVisit } from './found.ts';

/** Where a visit by video takes place. Instants are RFC 3339, UTC. */
export interface Room {
  readonly url: string;
  readonly opensAt: string;
  readonly closesAt: string;
}

/** Who makes rooms. The only one there is makes them by an address that nobody can guess, as Jitsi Meet does. */
interface RoomProvider {
  roomFor(appointmentId: string, startsAtMs: number): Promise<string>;
}

/**
 * Rooms by a template. The name is keyed with the deployment's secret: who knows an appointment's id cannot work it out,
 * and at another time the same appointment has another room.
 */
const byTemplate = (template: string, dataKey: string): RoomProvider => ({
  roomFor: async (appointmentId, startsAtMs) =>
    roomUrl(template, `daybook-${await keyedHash(dataKey, 'video room', appointmentId, String(startsAtMs))}`),
});

/**
 * The room of a visit by video, for its two parties, from a quarter of an hour before it until an hour after it. Refuses
 * with `not_found`, `invalid_transition`, `not_by_video`, and `room_closed` with when it is open.
 */
export const roomOf = async (c: Context<AppEnv>, id: string, nowMs: number): Promise<Result<Room, Refusal>> => {
  const found = await confirmedVisit(c, id, 'visit.join_video');
  if (!found.ok) return found;
  if (found.value.mode !== 'video') return refused(refusal('not_by_video'));
  const open = roomHours(found.value);
  const hours = {
    opensAt: new Date(open.startsAtMs).toISOString(),
    closesAt: new Date(open.endsAtMs).toISOString(),
  };
  if (nowMs < open.startsAtMs || nowMs >= open.endsAtMs) return refused(refusal('room_closed', undefined, hours));
  const { videoUrl, dataKey } = c.get('settings');
  return ok({ url: await byTemplate(videoUrl, dataKey).roomFor(id, found.value.startsAtMs), ...hours });
};
