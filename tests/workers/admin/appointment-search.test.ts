import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { send } from '../../support/api.ts';
import { actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { admin, type Person, patient } from '../../support/people.ts';

let boss: Person;
beforeAll(async () => {
  boss = await admin();
});

const search = async (body: object) => {
  const answer = await send('POST', '/admin/appointments/search', { as: boss, body });
  return answer.json<{ items: { id: string; patientId: string; reason?: unknown }[]; nextCursor: string | null }>();
};

describe('looking for appointments', () => {
  it('[AD24] an admin finds a patient\u2019s by e-mail address, phone or id, page by page, without the patient\u2019s words', async () => {
    const { slot } = await practice();
    const person = await patient();
    await env.DB.prepare('update accounts set phone = ? where id = ?').bind('+8801712999888', person.id).run();
    const nadia = actor(person);
    const ids = [];
    for (const time of ['09:00', '10:00']) {
      const { body } = await nadia.holds(await slot(time), { reason: 'A secret reason' });
      ids.push(body.id);
    }
    await eventually(
      () => search({ patientId: person.id }),
      ({ items }) => items.length === 2,
    );
    for (const by of [{ email: person.email.toUpperCase() }, { phone: '+880 1712 999888' }, { patientId: person.id }]) {
      const first = await search({ ...by, limit: 1 });
      const second = await search({ ...by, limit: 1, cursor: first.nextCursor });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
      expect(JSON.stringify([first, second])).not.toContain('secret');
    }
    expect((await search({ email: 'nobody@example.com' })).items).toEqual([]);
    expect((await search({ patientId: person.id, status: 'cancelled' })).items).toEqual([]);
  });

  it('[AD24] every look is recorded, and needs the permission `appointments`', async () => {
    const { slot } = await practice();
    const person = await patient();
    await actor(person).holds(await slot('09:00'));
    await eventually(
      () => search({ email: person.email }),
      ({ items }) => items.length === 1,
    );
    const seen = await env.DB.prepare(
      `select count(*) as n from audit_events where actor_id = ? and action = 'appointments.listed' and data like ?`,
    )
      .bind(boss.id, `%${person.id}%`)
      .first<number>('n');
    expect(seen).toBeGreaterThan(0);
    const other = await signedIn(boss.id, 'admin', { permissions: ['users', 'doctors', 'audit', 'finance', 'system'] });
    const answer = await other.act('POST', '/admin/appointments/search', { patientId: person.id });
    expect(answer.status).toBe(403);
  });

  it.each([
    [{}],
    [{ patientId: 'u_x', email: 'a@example.com' }],
    [{ patientId: 'u_x', from: '2030-01-02', to: '2030-01-01' }],
    [{ patientId: 'u_x', limit: 0 }],
    [{ patientId: 'u_x', extra: 1 }],
  ])('[AD24] a search for %j is refused', async (body) => {
    expect((await send('POST', '/admin/appointments/search', { as: boss, body })).status).toBe(400);
  });
});
