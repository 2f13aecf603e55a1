import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { accountId } from '../../../src/domain/ids.ts';
import { tell } from '../../../src/messages/message.ts';
import { send } from '../../support/api.ts';
import { type Actor, practice } from '../../support/clinic.ts';
import { uniquePatient, withAppointments } from '../../support/whole-person.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
beforeAll(async () => {
  clinic = await practice({ shape: { start: '00:00', end: '23:00', slotMinutes: 10 } });
});

const exported = async (who: Actor) => {
  const answer = await send('GET', '/users/me/export', { as: who });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return answer.json<Record<string, Record<string, unknown>[]>>();
};

test('[DP13] holds everything of the person, with the words opened, and nothing of others', async () => {
  const [zubaida, other] = [await uniquePatient(), await uniquePatient()];
  const { cancelled, toCome } = await withAppointments(zubaida, clinic, 2);
  await withAppointments(other, clinic, 1);
  await clinic.doctor.reads(cancelled);
  const { person, email, phone, fullName, reason, symptoms, statusReason } = zubaida;
  const text = `${zubaida.mark} a message`;
  const message = { accountId: person.id, channel: 'email', kind: 'test', to: email, subject: 'Test', text } as const;
  await tell(env, database(env.DB), env.DATA_KEY, Date.now(), message);
  const all = await exported(zubaida.self);
  expect(all.account).toEqual([expect.objectContaining({ id: person.id, email, phone, fullName, role: 'patient' })]);
  expect(new Set(all.appointments?.map(({ id }) => id))).toEqual(new Set([cancelled, ...toCome]));
  expect(all.appointments).toContainEqual(expect.objectContaining({ id: cancelled, reason, symptoms, statusReason }));
  expect(all.messages).toContainEqual(
    expect.objectContaining({ content: expect.objectContaining({ to: email, text }) }),
  );
  expect(all.sessions).toHaveLength(1);
  expect(all.accesses).toContainEqual(
    expect.objectContaining({ actorId: clinic.doctor.id, action: 'appointment.read', patientId: person.id }),
  );
  expect(all.history?.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['account.created', 'account.exported']),
  );
  expect(all.cut).toEqual([]);
  expect(JSON.stringify(all)).not.toContain(other.mark);
});

test('[DP13] holds no password hash, no key and no token', async () => {
  const zubaida = await uniquePatient();
  const text = JSON.stringify(await exported(zubaida.self));
  expect(text).not.toMatch(/argon2|passwordHash|wrapped/i);
  const { refreshToken, token } = zubaida.person;
  for (const secret of [refreshToken, token]) expect(text).not.toContain(secret);
});

test('[DP13] holds what is written about dependants', async () => {
  const zubaida = await uniquePatient();
  const child = accountId(crypto.getRandomValues(new Uint8Array(12)));
  await env.DB.prepare(
    `insert into dependants (id, guardian_id, full_name, birth_date, created_at_ms) values (?, ?, 'Child', '2020-02-29', 0)`,
  )
    .bind(child, zubaida.person.id)
    .run();
  const { dependants } = await exported(zubaida.self);
  expect(dependants).toEqual([expect.objectContaining({ id: child, fullName: 'Child', birthDate: '2020-02-29' })]);
});

test('[DP13] is written in pages: two thousand appointments come whole, in order, each once', async () => {
  const zubaida = await uniquePatient();
  const count = 2_000;
  await env.DB.prepare(
    `insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, mode, status,
       outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
     select 'a_' || ?1 || printf('%05d', value), ?2, ?3, '2020-01-01', value / 7 * 60000, value / 7 * 60000 + 1, 'Asia/Dhaka', 'video',
       'completed', 0, 0, 'BDT', 0, 0, 1
     from (with recursive n(value) as (select 0 union all select value + 1 from n where value < ?4 - 1) select value from n)`,
  )
    .bind(zubaida.mark, clinic.doctor.id, zubaida.person.id, count)
    .run();
  const { appointments = [] } = await exported(zubaida.self);
  expect(appointments).toHaveLength(count);
  expect(new Set(appointments.map(({ id }) => id)).size).toBe(count);
  const starts = appointments.map(({ startsAt }) => startsAt);
  expect(starts).toEqual(starts.toSorted());
});

test('[DP13] is for doctors and admins as well, about themselves: a doctor’s holds no patient’s data', async () => {
  const zubaida = await uniquePatient();
  await withAppointments(zubaida, clinic, 1);
  const all = await exported(clinic.doctor);
  expect(all.doctorProfile).toEqual([expect.objectContaining({ id: clinic.doctor.id })]);
  expect(all.appointments).toEqual([]);
  expect(JSON.stringify(all)).not.toContain(zubaida.mark);
  expect((await exported(clinic.admin)).account).toHaveLength(1);
});
