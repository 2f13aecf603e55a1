import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { send } from '../../support/api.ts';
import { type Actor, actor } from '../../support/clinic.ts';
import { doctor, patient } from '../../support/people.ts';
import { prescribed } from '../../support/prescriptions.ts';
import { readPdf } from '../../support/read-pdf.ts';
import { visited } from '../../support/visits.ts';

let own: Actor;
let nadia: Actor;
beforeAll(async () => {
  own = actor(await doctor());
  nadia = actor(await patient('Nadia Islam'));
  await visited(nadia.id, own.id);
  await nadia.act('PUT', '/patients/me/profile', {
    allergies: [{ name: 'Penicillin', severity: 'severe' }, { name: 'Dust mites' }],
    medications: [{ name: 'Warfarin 5 mg' }],
  });
});

const item = (drug: string) => ({ drug, dose: '1', frequency: 'daily' });
const check = async (...drugs: string[]) =>
  (await own.act('POST', '/prescriptions/check', { patientId: nadia.id, drugs })).body;
const keysOf = ({ hits }: { hits: { severity: string; key: string }[] }) =>
  hits.map(({ severity, key }) => `${severity} ${key}`);

test('[RX7][RX9][RX12] medicines are checked with each other, with what the patient has, and with allergies', async () => {
  expect(keysOf(await check('Viagra 50 mg', 'Nitroglycerin'))).toEqual(['severe interaction:nitroglycerin+viagra']);
  expect(keysOf(await check('Brufen'))).toEqual(['severe interaction:brufen+warfarin']);
  expect(keysOf(await check('Co-amoxiclav'))).toEqual(['severe allergy:co amoxiclav+penicillin']);
  expect(keysOf(await check('Napa', 'Paracetamol syrup'))).toEqual(['moderate duplicate:napa+paracetamol']);
  await prescribed(own, nadia.id, { items: [item('Metformin')] });
  expect(keysOf(await check('Glucophage'))).toEqual(['moderate duplicate:glucophage+metformin']);
  const quiet = await check('Zubaidazole', 'Metoprolol');
  expect(quiet).toMatchObject({ hits: [], unknown: ['Zubaidazole'], complete: false });
  expect(quiet.notice).toMatch(/^Not checked, .*: “Zubaidazole”\. .*not complete/);
  const { status, body } = await own.act('POST', '/prescriptions', {
    ...{ patientId: nadia.id, items: [item('Quixotamine 5 mg'), item('Metformin')] },
  });
  expect([status, body.check.unknown, body.check.notice]).toEqual([
    ...[201, ['Quixotamine 5 mg'], expect.stringContaining('“Quixotamine 5 mg”')],
  ]);
  expect(keysOf(body.check)).toEqual(['moderate duplicate:metformin+metformin']);
  expect((await own.act('GET', `/prescriptions/${body.id}`)).body).not.toHaveProperty('check');
  const [hit] = (await check('Sildenafil', 'Isosorbide dinitrate')).hits;
  expect(hit).toMatchObject({
    between: ['Sildenafil', 'Isosorbide dinitrate'],
    source: expect.stringContaining('FDA label'),
  });
});

test('[RX8] a severe hit needs a reason of its own, which is printed, and audited by the pair alone', async () => {
  const order = { patientId: nadia.id, items: [item('Aspirin'), item('Ketorolac')] };
  const refused = await own.act('POST', '/prescriptions', order);
  expect([refused.status, refused.body.code]).toEqual([409, 'interaction_override_required']);
  const keys: string[] = refused.body.hits.map(({ key }: { key: string }) => key);
  expect(keys.sort()).toEqual([
    'interaction:aspirin+ketorolac',
    'interaction:aspirin+warfarin',
    'interaction:ketorolac+warfarin',
  ]);
  const [first, ...rest] = keys.map((key) => ({ key, reason: `The benefit is greater, of ${key.length}` }));
  const partly = await own.act('POST', '/prescriptions', { ...order, overrides: rest });
  expect(partly.body.hits.map(({ key }: { key: string }) => key)).toEqual([first?.key]);
  const written = await own.act('POST', '/prescriptions', { ...order, overrides: [first, ...rest] });
  expect(written.status).toBe(201);
  expect(written.body.overrides).toHaveLength(3);
  const audited = await env.DB.prepare(
    "select data from audit_events where action = 'prescription.written' and subject_id = ?",
  )
    .bind(written.body.id)
    .first<string>('data');
  expect(JSON.parse(audited ?? '{}').overridden).toContain('aspirin + warfarin');
  expect(audited).not.toContain('The benefit');
  const printed = await send('GET', `/prescriptions/${written.body.id}/prescription.pdf`, { as: own });
  const paper = await readPdf(new Uint8Array(await printed.arrayBuffer()));
  expect(paper.text.join(' ')).toContain('Reason: The benefit is greater');
});

test('[RX10] however large the data is, a look goes along its indexes, and versions that no set has do not count', async () => {
  const insert = env.DB.prepare(
    "insert into drug_interactions (a, b, version, severity, text) values ('metoprolol', 'zubaidazole', ?, ?, 'x')",
  );
  await env.DB.batch([
    insert.bind('half', 'severe'),
    insert.bind('whole', 'minor'),
    env.DB.prepare("insert into interaction_sets (name, version, rows, imported_at_ms) values ('test', 'whole', 1, 0)"),
  ]);
  expect(keysOf(await check('Zubaidazole', 'Metoprolol'))).toEqual(['minor interaction:metoprolol+zubaidazole']);
  expect((await check('Zubaidazole')).unknown).toEqual(['Zubaidazole']);
});
