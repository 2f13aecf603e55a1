import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { sweepPatientDocuments } from '../../../src/features/documents/keep.ts';
import { send } from '../../support/api.ts';
import { takeOverheard } from '../../support/canary.ts';
import { type Actor, actor } from '../../support/clinic.ts';
import { dependantOf, doctor, patient as registered, signIn } from '../../support/people.ts';
import { everythingInD1, found } from '../../support/storage.ts';
import { visited } from '../../support/visits.ts';
import { png, sends } from '../../support/whole-files.ts';
import { erases } from '../../support/whole-person.ts';

let patient: Actor;
let treating: Actor;
let child: string;
let email: string;
const mark = `q${crypto.randomUUID().slice(0, 8)}`;
const words = (what: string): string => `${mark} ${what}`;
const texts = ['policy', 'allergy', 'history', 'note', 'diagnosis', 'amended', 'why', 'document'].map(words);
let objectKeys: string[];

/** The whole record of a patient and of a dependant, each of whose words occurs nowhere else. */
beforeAll(async () => {
  takeOverheard();
  const person = await registered();
  email = person.email;
  child = await dependantOf(person.id);
  patient = actor(await signIn(person.email));
  treating = actor(await doctor());
  for (const id of [person.id, child]) {
    await patient.act('PUT', `/patients/${id}/profile`, {
      insurance: { provider: 'Green Delta', policyNumber: words('policy') },
      allergies: [{ name: words('allergy') }],
    });
    await patient.act('POST', `/patients/${id}/history`, { category: 'other', title: words('history') });
    await patient.act('POST', `/patients/${id}/vitals`, { pulse: { value: 64, unit: '/min' } });
    const note = `/appointments/${await visited(id, treating.id)}/note`;
    await treating.act('POST', note, { text: words('note'), diagnoses: [{ text: words('diagnosis') }] });
    await treating.act('POST', `${note}/amendments`, { text: words('amended'), reason: words('why'), amends: 1 });
    const bytes = png();
    const { body } = await sends(patient, bytes, { type: 'image/png', length: bytes.length, patientId: id });
    await patient.act('PUT', `/documents/${body.id}`, { name: words('document') });
    const endsAt = new Date(Date.now() + 3_600_000).toISOString();
    await patient.act('POST', `/documents/${body.id}/shares`, { doctorId: treating.id, endsAt });
  }
  const { results } = await env.DB.prepare('select object_key as key from patient_documents where patient_id in (?, ?)')
    .bind(person.id, child)
    .all<{ key: string }>();
  objectKeys = results.map(({ key }) => key);
});

/** What D1 has about the two. */
const rows = async (): Promise<Record<string, number>> => {
  const tables = ['patient_profiles', 'health_records', 'note_versions', 'patient_documents', 'document_shares'];
  const counted = tables.map(async (table) => {
    const count = env.DB.prepare(`select count(*) as n from ${table} where patient_id in (?, ?)`);
    return [table, (await count.bind(patient.id, child).first<number>('n')) ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
};

test('[RC11] what is said in a record stands in D1, logs and queues as noise only', async () => {
  expect(Object.values(await rows())).toEqual([2, 6, 4, 2, 2]);
  expect(found(await everythingInD1(), [mark])).toEqual([]);
  expect(found(takeOverheard(), [mark])).toEqual([]);
});

test('[RC11] an export holds the whole record of a patient and of dependants, with every word', async () => {
  const answer = await send('GET', '/users/me/export', { as: patient });
  const all = await answer.json<Record<string, unknown[]>>();
  const times = Object.fromEntries(texts.map((text) => [text, JSON.stringify(all).split(text).length - 1]));
  // Each once for each of the two; a diagnosis stays in the version that amends its note.
  expect(times).toEqual({ ...Object.fromEntries(texts.map((text) => [text, 2])), [words('diagnosis')]: 4 });
  const lengths = ['profiles', 'records', 'visitNotes', 'documents', 'documentShares'].map((name) => all[name]?.length);
  expect(lengths).toEqual([2, 6, 4, 2, 2]);
});

test('[RC12] to erase a dependant, and then the patient, deletes their records, and their files within a minute', async () => {
  expect(objectKeys).toHaveLength(2);
  await erases(patient, child, 'Correct-Horse-7');
  expect(Object.values(await rows())).toEqual([1, 3, 2, 2, 1]);
  // With a token that names the dependant no more.
  await erases(actor(await signIn(email)), patient.id, 'Correct-Horse-7');
  expect(Object.values(await rows())).toEqual([0, 0, 0, 2, 0]);
  expect((await treating.act('GET', `/patients/${child}/documents`)).body).toMatchObject({ items: [] });
  await sweepPatientDocuments(env, Date.now());
  expect(Object.values(await rows())).toEqual([0, 0, 0, 0, 0]);
  for (const key of objectKeys) expect(await env.DOCUMENTS.head(key)).toBeNull();
});
