import { env } from 'cloudflare:workers';
import { database } from '../../src/db/client.ts';
import { settingsOf } from '../../src/env.ts';
import { dataKeysOf } from '../../src/sealing/data-keys.ts';
import { keyRing } from '../../src/sealing/key-ring.ts';
import { openText } from '../../src/sealing/sealed-text.ts';
import type { Actor } from './clinic.ts';

const item = { drug: 'Paracetamol', strength: '500 mg', dose: '1 tablet', frequency: 'three times a day' };

/** What a doctor prescribes to a patient whom they treat; throws when it is refused. */
export const prescribed = async (
  doctor: Actor,
  patientId: string,
  more: Record<string, unknown> = {},
): Promise<{ readonly id: string }> => {
  const { status, body } = await doctor.act('POST', '/prescriptions', { patientId, items: [item], ...more });
  if (status !== 201) throw new Error(`prescribe: ${status} ${JSON.stringify(body)}`);
  return body;
};

/** What is sealed of a prescription, opened with the deployment's keys. The code is shown by nothing but the paper. */
const contentOf = async (
  id: string,
): Promise<{ readonly jws: string; readonly token: string; readonly code: string }> => {
  const row = await env.DB.prepare('select patient_id, content from prescriptions where id = ?')
    .bind(id)
    .first<{ patient_id: string; content: string }>();
  if (row === null) throw new Error('no prescription');
  const wrapped = (await dataKeysOf(database(env.DB), [row.patient_id])).get(row.patient_id) ?? '';
  const raw = await (await keyRing(settingsOf(env).masterKeys)).unwrap(row.patient_id, wrapped);
  if (raw === null) throw new Error('no key');
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
  const place = { table: 'prescriptions', row: id, column: 'content' };
  return JSON.parse(await openText(key, row.patient_id, place, row.content));
};

export const tokenOf = async (id: string): Promise<string> => (await contentOf(id)).token;
export const codeOf = async (id: string): Promise<string> => (await contentOf(id)).code;
export const jwsOf = async (id: string): Promise<string> => (await contentOf(id)).jws;
