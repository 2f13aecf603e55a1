import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { send } from '../../support/api.ts';
import { eventually, practice, patient as someone } from '../../support/clinic.ts';
import { uploaded } from '../../support/files.ts';
import { mailTo } from '../../support/mailbox.ts';
import { admin, doctor, type Person, unverifiedDoctor } from '../../support/people.ts';
import { codeOf, names } from '../../support/search.ts';

let boss: Person;
beforeAll(async () => {
  boss = await admin();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const stateOf = async (id: string) =>
  (await send('GET', `/doctors/${id}/verification`, { as: boss })).json<{ state: string; reason: string | null }>();
const post = async (path: string, as: Person, body?: unknown) => {
  const answer = await send('POST', path, { as, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, code: answer.status < 300 ? null : await codeOf(answer) };
};
const submitted = async (): Promise<Person> => {
  const person = await unverifiedDoctor();
  await uploaded(person);
  expect((await post(`/doctors/${person.id}/verification`, person)).status).toBe(200);
  return person;
};

describe('verification', () => {
  it('[AD6] goes from unverified to submitted, which needs a document, and then to verified', async () => {
    const person = await unverifiedDoctor();
    expect(await stateOf(person.id)).toMatchObject({ state: 'unverified', reason: null, documents: [] });
    const path = `/doctors/${person.id}/verification`;
    expect(await post(path, person)).toEqual({ status: 422, code: 'no_documents' });
    const id = await uploaded(person);
    expect((await post(path, person)).status).toBe(200);
    expect(await stateOf(person.id)).toMatchObject({ state: 'submitted', documents: [{ id }] });
    expect(await post(path, person)).toEqual({ status: 409, code: 'already_submitted' });
    expect((await post(`/admin/doctors/${person.id}/verify`, boss)).status).toBe(200);
    expect(await stateOf(person.id)).toMatchObject({ state: 'verified' });
    expect(await post(path, person)).toEqual({ status: 409, code: 'already_verified' });
  });

  it('[AD6] documents stay while somebody may be deciding on them, and after', async () => {
    const person = await submitted();
    const { documents } = (await stateOf(person.id)) as unknown as { documents: { id: string }[] };
    const remove = () => send('DELETE', `/doctors/${person.id}/documents/${documents[0]?.id}`, { as: person });
    expect(await codeOf(await remove())).toBe('documents_under_review');
    await post(`/admin/doctors/${person.id}/verify`, boss);
    expect(await codeOf(await remove())).toBe('documents_under_review');
    await post(`/admin/doctors/${person.id}/reject`, boss, { reason: 'Expired' });
    expect((await remove()).status).toBe(204);
  });

  it('[AD7] a rejection has a reason, which the doctor reads and is sent; then the doctor may submit again', async () => {
    const person = await submitted();
    const reason = 'The copy cannot be read: page two is black.';
    expect((await post(`/admin/doctors/${person.id}/reject`, boss, { reason: '' })).status).toBe(400);
    expect((await post(`/admin/doctors/${person.id}/reject`, boss, { reason })).status).toBe(200);
    expect(await stateOf(person.id)).toMatchObject({ state: 'rejected', reason });
    const mail = await eventually(
      () => mailTo(person.email),
      (all) => all.some(({ kind }) => kind === 'doctor_rejected'),
    );
    expect(mail.find(({ kind }) => kind === 'doctor_rejected')?.text).toContain(reason);
    expect(await post(`/admin/doctors/${person.id}/reject`, boss, { reason })).toEqual({
      status: 409,
      code: 'not_submitted',
    });
    expect(await post(`/admin/doctors/${person.id}/verify`, boss)).toEqual({ status: 409, code: 'not_submitted' });
    expect((await post(`/doctors/${person.id}/verification`, person)).status).toBe(200);
    expect(await stateOf(person.id)).toMatchObject({ state: 'submitted', reason: null });
    expect((await post(`/admin/doctors/${person.id}/verify`, boss)).status).toBe(200);
  });

  it('[AD7] a doctor is told of being verified, in the transaction that verifies', async () => {
    const person = await submitted();
    await post(`/admin/doctors/${person.id}/verify`, boss);
    expect((await mailTo(person.email)).map(({ kind }) => kind)).toContain('doctor_verified');
  });

  it('[AD7] of an approval and a rejection at once one counts, and one is recorded and told', async () => {
    const person = await submitted();
    const answers = await Promise.all([
      post(`/admin/doctors/${person.id}/reject`, boss, { reason: 'No' }),
      post(`/admin/doctors/${person.id}/verify`, boss),
      post(`/admin/doctors/${person.id}/verify`, boss),
    ]);
    const { results } = await env.DB.prepare(
      `select action from audit_events where stream = ? and action in ('doctor.verified', 'doctor.rejected')`,
    )
      .bind(`doctor:${person.id}`)
      .all();
    const won = answers.filter(({ status }) => status === 200).length;
    // A verification that came first may then be taken back; never both from the same state.
    expect(results.length).toBe(won);
    const told = (await mailTo(person.email)).filter(({ kind }) => kind.startsWith('doctor_'));
    expect(told.length).toBe(won);
  });

  it('[AD8] a new name or licence number sends a verified doctor out of search to a new review; appointments stand', async () => {
    const name = `Reviewable ${crypto.randomUUID().slice(0, 8)}`;
    const { doctor: self, slot } = await practice();
    await send('PUT', `/doctors/${self.id}`, { as: boss, body: { fullName: name } });
    await post(`/admin/doctors/${self.id}/verify`, boss);
    const patient = await someone();
    const [taken, later] = [await slot('09:00'), await slot('09:30')];
    const { body } = await patient.holds(taken);
    expect((await patient.confirms(body.id)).body).toMatchObject({ status: 'confirmed' });
    expect(await names(`q=${encodeURIComponent(name)}`)).toEqual([name]);

    for (const edit of [{ fullName: `${name} II` }, { licenseNumber: `L-${crypto.randomUUID().slice(0, 8)}` }]) {
      expect((await send('PUT', `/doctors/${self.id}`, { as: boss, body: edit })).status).toBe(200);
      expect(await stateOf(self.id)).toMatchObject({ state: 'submitted' });
      expect(await names(`q=${encodeURIComponent(name)}`)).toEqual([]);
      expect((await send('GET', `/doctors/${self.id}`)).status).toBe(404);
      await eventually(
        () => someone().then((other) => other.holds(later)),
        (reply) => reply.status !== 201,
      );
      const queue = await (await send('GET', '/admin/doctors?limit=100', { as: boss })).json<{
        items: { doctorId: string }[];
      }>();
      expect(queue.items.map(({ doctorId }) => doctorId)).toContain(self.id);
      expect((await patient.reads(body.id)).body).toMatchObject({ status: 'confirmed', outsideSchedule: false });
      expect((await post(`/admin/doctors/${self.id}/verify`, boss)).status).toBe(200);
    }
    expect(await names(`q=${encodeURIComponent(name)}`)).toEqual([`${name} II`]);
  });

  it('[AD8] what is not on the licence, and a name that stays the same, ask for no review', async () => {
    const person = await doctor({}, 'Same Name', boss);
    const body = { fullName: 'Same Name', bio: 'New', specialization: 'Urology', experienceYears: 9 };
    await send('PUT', `/doctors/${person.id}`, { as: person, body });
    expect(await stateOf(person.id)).toMatchObject({ state: 'verified' });
  });

  it('[AD9] the queue shows those first who have waited the longest, page by page, one state at a time', async () => {
    const people = [await submitted(), await submitted(), await submitted()];
    const seen: string[] = [];
    let cursor = '';
    do {
      const answer = await send('GET', `/admin/doctors?limit=2${cursor}`, { as: boss });
      const page = await answer.json<{
        items: { doctorId: string; state: string; documents: number }[];
        nextCursor: string | null;
      }>();
      for (const item of page.items) expect(item).toMatchObject({ state: 'submitted' });
      const own = page.items.filter(({ doctorId }) => people.some(({ id }) => id === doctorId));
      expect(own.map(({ documents }) => documents)).toEqual(own.map(() => 1));
      seen.push(...page.items.map(({ doctorId }) => doctorId));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(seen.length);
    const ids = people.map(({ id }) => id);
    expect(seen.filter((id) => ids.includes(id))).toEqual(ids);
  });
});
