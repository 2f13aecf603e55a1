import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { measurements } from '../../../src/domain/vitals.ts';
import { destroyDataKey } from '../../../src/sealing/data-keys.ts';
import { send } from '../../support/api.ts';
import { type Actor, actor, signedIn } from '../../support/clinic.ts';
import { doctor } from '../../support/people.ts';
import { everythingInD1, found } from '../../support/storage.ts';
import { nobody, visited } from '../../support/visits.ts';

let patient: Actor;
let guardian: Actor;
let child: string;
let treating: Actor;
let former: Actor;
let desk: Actor;
let otherDesk: Actor;
const clinicId = 'c_AAAAAAAAAAAAAAAA';

beforeAll(async () => {
  patient = await signedIn(nobody(), 'patient');
  child = nobody();
  guardian = await signedIn(nobody(), 'patient', { dependantIds: [child] });
  [treating, former] = [actor(await doctor()), actor(await doctor())];
  desk = await signedIn(nobody(), 'staff', { clinicIds: [clinicId] });
  otherDesk = await signedIn(nobody(), 'staff', { clinicIds: ['c_AAAAAAAAAAAAAAAE'] });
  await visited(patient.id, treating.id, { clinicId });
  for (const id of [patient.id, child]) await visited(id, former.id, { status: 'cancelled', clinicId: 'c_BBBB' });
  await visited(patient.id, former.id, { daysAgo: 366 });
});

const profile = () => `/patients/${patient.id}/profile`;
const errorsOf = (body: { errors?: { path: string }[] }) => body.errors?.map(({ path }) => path);

describe('what patients say of themselves', () => {
  const health = {
    bloodGroup: 'O+',
    allergies: [{ name: '  Co-Trimoxazole® ', note: 'A rash within the hour', severity: 'severe' }],
    conditions: [{ name: 'Asthma' }],
    medications: [{ name: 'Salbutamol', note: 'Two puffs when needed' }],
  };
  const forDesk = {
    birthDate: '1987-03-14',
    sex: 'female',
    emergencyContact: { name: 'Rafiqul Islam Khan', relation: 'Brother', phone: '01712345678' },
    insurance: { provider: 'Green Delta', policyNumber: 'GD-4711-XYZ' },
  };

  test('[RC1] is edited by the patient or the guardian: what is left out stays, and nobody overwrites unseen', async () => {
    const nothing = await patient.act('GET', profile());
    expect(nothing.body).toMatchObject({ birthDate: null, allergies: [], revision: 0, updatedAt: null });
    const wrong = await patient.act('PUT', profile(), forDesk);
    expect([wrong.status, errorsOf(wrong.body)]).toEqual([400, ['emergencyContact.phone']]);
    forDesk.emergencyContact.phone = '+8801712345678';
    expect((await patient.act('PUT', profile(), forDesk)).headers.get('etag')).toBe('"1"');
    const both = await patient.act('PUT', '/patients/me/profile', health);
    expect(both.body).toMatchObject({ ...forDesk, bloodGroup: 'O+', revision: 2 });
    expect(both.body.allergies).toEqual([
      { name: 'Co-Trimoxazole®', code: 'co trimoxazole', note: 'A rash within the hour', severity: 'severe' },
    ]);
    expect(both.body.conditions).toEqual([{ name: 'Asthma', code: 'asthma', note: null }]);
    const late = await send('PUT', profile(), {
      as: patient,
      body: { allergies: [] },
      headers: { 'if-match': '"1"' },
    });
    expect([late.status, (await late.json<{ code: string }>()).code]).toEqual([409, 'version_conflict']);
    const tooMuch = { conditions: Array.from({ length: 51 }, () => ({ name: 'x' })), birthDate: '2186-01-01' };
    expect(errorsOf((await patient.act('PUT', profile(), tooMuch)).body)).toEqual(['birthDate', 'conditions']);
    expect(errorsOf((await patient.act('PUT', profile(), { birthDate: '2099-01-01' })).body)).toEqual(['birthDate']);
    const ofChild = await guardian.act('PUT', `/patients/${child}/profile`, { bloodGroup: 'A-' });
    expect([ofChild.status, ofChild.body.bloodGroup]).toEqual([200, 'A-']);
    expect((await guardian.act('PUT', profile(), { bloodGroup: 'A-' })).status).toBe(404);
  });

  test('[RC2] is read by who treats the patient; staff of the clinic reads what the desk needs', async () => {
    expect((await treating.act('GET', profile())).body).toMatchObject({ ...forDesk, bloodGroup: 'O+' });
    const atDesk = await desk.act('GET', profile());
    expect(Object.keys(atDesk.body).sort()).toEqual(
      [...Object.keys(forDesk), 'patientId', 'revision', 'updatedAt'].sort(),
    );
    expect((await desk.act('GET', `/patients/${patient.id}/records`)).status).toBe(403);
    // An appointment that was cancelled, one of more than a year ago, and somebody else's clinic relate to nobody.
    for (const who of [former, otherDesk, guardian]) expect((await who.act('GET', profile())).status).toBe(404);
    expect((await former.act('GET', `/patients/${patient.id}/records`)).status).toBe(404);
    await env.DB.prepare('update doctors set verified_at_ms = null where id = ?').bind(treating.id).run();
    expect((await treating.act('GET', profile())).status).toBe(404);
    await env.DB.prepare('update doctors set verified_at_ms = 1 where id = ?').bind(treating.id).run();
  });

  test('[RC3] every look of somebody else is told to the patient, by whom and why; one’s own are not', async () => {
    const { items } = (await patient.act('GET', '/users/me/access-log')).body;
    const looks = items.map(({ action, role, why }: Record<string, string>) => [action, role, why]);
    expect(looks).toContainEqual(['profile.read', 'doctor', 'treatment']);
    expect(looks).toContainEqual(['profile.read', 'staff', 'front_desk']);
    expect(looks.filter(([, role]: string[]) => role === 'patient')).toEqual([]);
  });
});

describe('entries of a record', () => {
  test('[RC4] say who said so, and are taken back by their author alone, in sight of everybody', async () => {
    const path = `/patients/${patient.id}`;
    const entry = { category: 'surgery', title: 'Appendectomy', text: 'Years ago', at: '2019-05-01T00:00:00Z' };
    const own = await patient.act('POST', `${path}/history`, entry);
    expect(own.body).toMatchObject({ saidBy: 'patient', authorId: patient.id, at: '2019-05-01T00:00:00.000Z' });
    const { at: _, ...said } = entry;
    expect(own.body.history).toEqual(said);
    const byDoctor = await treating.act('POST', `${path}/vitals`, { weight: { value: 61.5, unit: 'kg' } });
    expect(byDoctor.body).toMatchObject({ saidBy: 'doctor', authorId: treating.id });
    const ofChild = await guardian.act('POST', `/patients/${child}/history`, {
      category: 'other',
      title: 'Born early',
    });
    expect(ofChild.body.saidBy).toBe('guardian');
    const withdraw = (who: Actor, id: string) => who.act('POST', `${path}/records/${id}/withdraw`);
    expect((await withdraw(treating, own.body.id)).status).toBe(404);
    expect((await withdraw(patient, ofChild.body.id)).status).toBe(404);
    const taken = await withdraw(patient, own.body.id);
    expect(taken.body.withdrawnAt).not.toBeNull();
    expect((await withdraw(patient, own.body.id)).body).toEqual(taken.body);
    const later = { ...entry, at: new Date(Date.now() + 600_000).toISOString() };
    expect(errorsOf((await patient.act('POST', `${path}/history`, later)).body)).toEqual(['at']);
  });

  test('[RC5] vitals are in UCUM units, within bounds that catch slips of the pen', async () => {
    const vitals = (body: object) => patient.act('POST', `/patients/${patient.id}/vitals`, body);
    const { systolic: _, diastolic: _d, ...single } = measurements;
    for (const [name, units] of Object.entries(single)) {
      const faults = Object.entries(units).flatMap(([unit, { min, max }]) =>
        [min - 0.1, max + 0.1].map((value) => ({ [name]: { value, unit } })),
      );
      for (const body of [...faults, { [name]: { value: 50, unit: 'furlong' } }]) {
        const { status, body: answer } = await vitals(body);
        expect([status, errorsOf(answer)?.[0]]).toEqual([
          400,
          `${name}.${'furlong' in body ? '' : errorsOf(answer)?.[0]?.split('.')[1]}`,
        ]);
      }
    }
    const pressure = (systolic: number, diastolic: number) => ({
      bloodPressure: { systolic, diastolic, unit: 'mm[Hg]' },
    });
    expect(errorsOf((await vitals(pressure(80, 120))).body)).toEqual(['bloodPressure.diastolic']);
    expect(errorsOf((await vitals(pressure(301, 80))).body)).toEqual(['bloodPressure.systolic']);
    expect((await vitals({})).status).toBe(400);
    const all = await vitals({
      ...pressure(121, 79),
      ...{
        pulse: { value: 64, unit: '/min' },
        temperature: { value: 98.6, unit: '[degF]' },
        spO2: { value: 98, unit: '%' },
      },
      ...{ height: { value: 168, unit: 'cm' }, glucose: { value: 5.4, unit: 'mmol/L' }, at: '2024-05-01T08:00:00Z' },
    });
    expect([all.status, all.body.vitals.glucose]).toEqual([201, { value: 5.4, unit: 'mmol/L' }]);
  });

  test('[RC6] are listed the latest first, in pages, by kind and by time', async () => {
    const path = `/patients/${patient.id}/records`;
    const list = async (query: string, who = treating) => (await who.act('GET', `${path}${query}`)).body;
    const { items } = await list('');
    expect(items).toHaveLength(3);
    expect(items.map(({ at }: { at: string }) => at)).toEqual(
      items
        .map(({ at }: { at: string }) => at)
        .sort()
        .reverse(),
    );
    const first = await list('?limit=2', patient);
    const rest = await list(`?limit=2&cursor=${first.nextCursor}`, patient);
    expect([...first.items, ...rest.items]).toEqual(items);
    expect(rest.nextCursor).toBeNull();
    expect((await list('?kind=history')).items.map(({ kind }: { kind: string }) => kind)).toEqual(['history']);
    const in2024 = await list('?from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z');
    expect(in2024.items.map(({ at }: { at: string }) => at)).toEqual(['2024-05-01T08:00:00.000Z']);
    expect((await list('?from=2025-01-01T00:00:00Z&to=2024-01-01T00:00:00Z')).errors[0].path).toBe('query.to');
  });

  test('[RC7] at most 200 are written about a patient within 24 hours', async () => {
    const busy = await signedIn(nobody(), 'patient');
    await env.DB.prepare(
      `insert into health_records (id, patient_id, kind, at_ms, recorded_at_ms, author_id, author_role)
       select 'r_full' || value, ?1, 'history', ?2, ?2, ?1, 'patient' from json_each(?3)`,
    )
      .bind(busy.id, Date.now(), JSON.stringify(Array.from({ length: 200 }, (_, i) => i)))
      .run();
    const more = await busy.act('POST', `/patients/${busy.id}/history`, { category: 'other', title: 'One more' });
    expect([more.status, more.body.code]).toEqual([422, 'too_many_items']);
  });
});

describe('the note of a visit', () => {
  const words = { text: 'Wheezing at night for two weeks', diagnoses: [{ code: 'J45.0', text: 'Asthma' }] };
  let visit: string;

  test('[RC8] is written once it has begun, by its doctor alone, with diagnoses whose codes have the form of ICD-10', async () => {
    visit = await visited(patient.id, treating.id, { status: 'confirmed', daysAgo: 1 });
    const path = `/appointments/${visit}/note`;
    expect((await former.act('POST', path, words)).status).toBe(404);
    expect((await patient.act('POST', path, words)).status).toBe(403);
    for (const code of ['J', 'U07.1', 'J45.00000', 'j45', 'J45.', '"; drop']) {
      const { status, body } = await treating.act('POST', path, { ...words, diagnoses: [{ code, text: 'x' }] });
      expect([status, errorsOf(body)]).toEqual([400, ['diagnoses.0.code']]);
    }
    const written = await treating.act('POST', path, words);
    expect([written.status, written.body.versions]).toEqual([201, [expect.objectContaining({ version: 1, ...words })]]);
    expect((await treating.act('POST', path, words)).body.code).toBe('note_exists');
    const early = await visited(patient.id, treating.id, { status: 'confirmed', daysAgo: -3 });
    expect((await treating.act('POST', `/appointments/${early}/note`, words)).body.code).toBe('too_early');
    const missed = await visited(patient.id, treating.id, { status: 'no_show' });
    expect((await treating.act('POST', `/appointments/${missed}/note`, words)).body.code).toBe('invalid_transition');
  });

  test('[RC9] is never changed but amended, with the reason; every version stays readable', async () => {
    const path = `/appointments/${visit}/note`;
    const better = { text: 'Wheezing at night for three weeks', reason: 'Two were three', amends: 1 };
    const two = await Promise.all([1, 2].map(() => treating.act('POST', `${path}/amendments`, better)));
    expect(two.map(({ status }) => status).sort()).toEqual([201, 409]);
    const { versions } = (await patient.act('GET', path)).body;
    expect(versions.map(({ version, text, reason, diagnoses }: never) => [version, text, reason, diagnoses])).toEqual([
      [2, better.text, better.reason, words.diagnoses],
      [1, words.text, null, words.diagnoses],
    ]);
    const { items } = (await patient.act('GET', `/patients/${patient.id}/records?kind=note`)).body;
    expect(items[0]).toMatchObject({ saidBy: 'doctor', appointmentId: visit, note: { version: 2, text: better.text } });
    expect((await former.act('GET', path)).status).toBe(404);
    expect((await former.act('POST', `${path}/amendments`, better)).status).toBe(404);
  });

  test('[RC10] D1 itself refuses to change, replace or delete what was written, until the patient was erased', async () => {
    const tries = [
      `update note_versions set content = 'x'`,
      `update health_records set content = 'x'`,
      `update health_records set withdrawn_at_ms = null`,
      `update health_records set withdrawn_at_ms = 1 where kind = 'note'`,
      'delete from note_versions',
      'delete from health_records',
      'insert or replace into note_versions select * from note_versions',
      'insert or replace into health_records select * from health_records',
    ];
    for (const sql of tries) await expect(env.DB.prepare(sql).run(), sql).rejects.toThrow('append-only');
    const texts = [words.text, 'Appendectomy', 'A rash within the hour', 'GD-4711-XYZ', 'Two were three', 'Asthma'];
    expect(found(await everythingInD1(), texts)).toEqual([]);
    await destroyDataKey(database(env.DB), child, Date.now());
    await env.DB.prepare('delete from health_records where patient_id = ?').bind(child).run();
    const late = await guardian.act('POST', `/patients/${child}/history`, { category: 'other', title: 'Too late' });
    expect(late.body.code).toBe('person_erased');
  });
});
