import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Permission } from '../../src/domain/access.ts';
import { send } from '../support/api.ts';
import { assemble, type Cast } from '../support/cast.ts';
import { type Actor, signedIn } from '../support/clinic.ts';
import { interceptDayQueue } from '../support/day-queue.ts';
import { addressOf, methodOf, routeTable } from '../support/route-table.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await assemble();
});
beforeEach(() => {
  interceptDayQueue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Routes that ask for a token, each with a request that it understands. */
const guarded = routeTable.filter(([, , [anonymous]]) => anonymous === 'unauthenticated');
const stranger = 'u_AAAAAAAAAAAAAAAQ';

/** What each of the guarded routes says to somebody who has no business with anything there is. */
const sweep = async (who: Actor): Promise<Record<string, number>> => {
  const found: Record<string, number> = {};
  for (const [route, ask] of guarded) {
    const { body, ...fresh } = await ask(cast);
    const said = body === undefined ? {} : { body };
    const answer = await send(methodOf(route), addressOf(route, fresh), { as: who, ...said });
    await answer.body?.cancel();
    found[route] = answer.status;
    if (fresh.params?.id?.startsWith('a_')) await cast.release(fresh.params.id);
  }
  return found;
};

/** The routes that let somebody in, but those that are about oneself, whoever that is. */
const letIn = (found: Record<string, number>): string[] =>
  Object.keys(found).filter(
    (route) => (found[route] ?? 0) < 400 && !/\/auth\/|\/users\/me\/|v1\/notifications/.test(route),
  );

describe('roles without relations', () => {
  test('[AC18] an admin without permissions gets in nowhere, one with a single permission where it says', async () => {
    const with1 = async (...permissions: Permission[]) =>
      letIn(await sweep(await signedIn(stranger, 'admin', { permissions })));
    expect(await with1()).toEqual([]);
    const audit = await with1('audit');
    expect(audit).toContain('GET /api/v1/admin/audit');
    expect(audit.filter((route) => !/\/admin\/(audit|break-glass)/.test(route))).toEqual([]);
    const system = await with1('system');
    expect(
      system.filter((route) => !/\/admin\/(system|jobs|notifications|dead-letters|doctors\/:id\/rebuild)/.test(route)),
    ).toEqual([]);
    const finance = await with1('finance');
    expect(finance).toContain('GET /api/v1/admin/statistics');
    expect(
      finance.filter(
        (route) => !/\/admin\/(statistics|dashboard|reports|payments|refund-policy)|payment|refund/.test(route),
      ),
    ).toEqual([]);
    const bookings = await with1('appointments');
    const ofBooking = /\/(appointments|waitlist|patients\/search|slots\/why|queue|delay|absences)/;
    expect(bookings.filter((route) => !ofBooking.test(route))).toEqual([]);
  });

  test('[AC23] staff of no clinic gets an empty list, and nothing else', async () => {
    const idle = await signedIn(stranger, 'staff');
    expect(letIn(await sweep(idle))).toEqual(['GET /api/v1/appointments', 'GET /api/v1/waitlist']);
    expect((await idle.act('GET', '/waitlist')).body).toEqual({ items: [], nextCursor: null });
    expect((await idle.lists()).body).toEqual({ items: [], nextCursor: null });
  });
});

describe('tokens that claim too much', () => {
  test('[AC17] claims of another role count for nothing', async () => {
    const { id } = await cast.appointment('confirmed');
    const { patient, ownDoctor } = cast.members;
    const all = { clinicIds: [cast.clinicId], dependantIds: [patient.id], permissions: ['users', 'audit'] as const };
    const doctor = await signedIn(stranger, 'doctor', all);
    const staff = await signedIn(stranger, 'staff', { ...all, clinicIds: ['c_AAAAAAAAAAAAAAAA'] });
    for (const who of [doctor, staff]) {
      expect((await who.reads(id)).status).toBe(404);
      expect((await who.cancels(id)).status).toBe(404);
      expect((await who.act('GET', '/admin/users')).status).toBe(403);
      expect((await who.act('GET', `/doctors/${ownDoctor.id}/schedule`)).status).toBe(404);
    }
    await cast.release(id);
  });
});

describe('filters of the list', () => {
  test('[AC38] by patient and by what the schedule no longer offers, within what one may read', async () => {
    const { patient, otherPatient, ownDoctor, otherDoctor, admin } = cast.members;
    const { id } = await cast.appointment('confirmed');
    const found = async (who: Actor, query: string) => {
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body }: Awaited<ReturnType<Actor['lists']>> = await who.lists(`${query}&limit=100${cursor}`);
        ids.push(...body.items.map((item: { id: string }) => item.id));
        cursor = body.nextCursor === null ? null : `&cursor=${encodeURIComponent(body.nextCursor)}`;
      }
      return ids;
    };
    await expect.poll(() => found(admin, `?patientId=${patient.id}`)).toContain(id);
    expect(await found(ownDoctor, `?patientId=${patient.id}`)).toContain(id);
    expect(await found(ownDoctor, `?patientId=${otherPatient.id}`)).toEqual([]);
    expect(await found(otherDoctor, `?patientId=${patient.id}`)).toEqual([]);
    expect(await found(otherPatient, `?patientId=${patient.id}`)).toEqual([]);
    expect(await found(ownDoctor, '?outsideSchedule=true')).not.toContain(id);
    expect(await found(ownDoctor, '?outsideSchedule=false')).toContain(id);
    const elsewhere = { ...cast.schedule, rules: [] };
    const { act } = ownDoctor;
    vi.restoreAllMocks();
    expect((await act('PUT', `/doctors/${ownDoctor.id}/schedule`, elsewhere)).status).toBe(200);
    await expect.poll(() => found(ownDoctor, '?outsideSchedule=true'), { timeout: 8_000 }).toContain(id);
    expect(await found(admin, `?outsideSchedule=true&doctorId=${ownDoctor.id}`)).toContain(id);
    expect(await found(otherDoctor, '?outsideSchedule=true')).toEqual([]);
    for (const wrong of ['1', 'yes', 'TRUE', '']) {
      expect((await admin.lists(`?outsideSchedule=${wrong}`)).status).toBe(400);
    }
  });
});
