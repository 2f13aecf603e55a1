import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import type { WebhookFacts } from '../../src/domain/webhook-event.ts';
import type { Actor } from './clinic.ts';
import { everyDay, practice } from './clinic.ts';
import type { Received } from './webhook.ts';

/** An address where nobody listens. */
export const nowhere = 'http://127.0.0.1:9/hook';

/** The clinic has no webhooks, and none was told anything. */
export const withoutWebhooks = async (clinicId: string): Promise<void> => {
  await env.DB.batch([
    env.DB.prepare(
      'DELETE FROM webhook_deliveries WHERE webhook_id IN (SELECT id FROM clinic_webhooks WHERE clinic_id = ?)',
    ).bind(clinicId),
    env.DB.prepare('DELETE FROM clinic_webhooks WHERE clinic_id = ?').bind(clinicId),
  ]);
};

let made = 0;

/** Something that a webhook is to be told, of no appointment that there is. */
export const deliveryTo = async (webhookId: string, clinicId: string): Promise<string> => {
  made += 1;
  const id = `msg_${crypto.randomUUID()}`;
  const facts: WebhookFacts = {
    ...{ appointmentId: `a_${made}`, clinicId, doctorId: 'u_AAAAAAAAAAAAAAAA', status: 'confirmed', version: 2 },
    ...{ startsAtMs: Date.UTC(2026, 11, 1, 3), endsAtMs: Date.UTC(2026, 11, 1, 3, 30), timeZone: 'Asia/Dhaka' },
    previousStartsAtMs: null,
  };
  await env.DB.prepare(
    `INSERT INTO webhook_deliveries (id, webhook_id, stream, seq, type, at_ms, appointment_id, facts, state, attempts,
       due_at_ms, created_at_ms)
     VALUES (?1, ?2, ?1, 1, 'appointment.confirmed', ?3, ?4, ?5, 'waiting', 0, ?6, ?3)`,
  )
    .bind(id, webhookId, Date.now(), facts.appointmentId, JSON.stringify(facts), Date.now() + 3_600_000)
    .run();
  return id;
};

/** A hook that misbehaves as the script says (see webhook.ts), and what it has received. */
export const hook = (script = '200') => {
  const name = crypto.randomUUID();
  return {
    url: `${inject('hookUrl')}/${name}/${script}`,
    received: async (): Promise<Received[]> => (await fetch(`${inject('hookUrl')}/${name}`)).json<Received[]>(),
  };
};

/** A doctor who sees patients at a clinic of their own. */
export const clinicPractice = async () => {
  const surgery = await practice();
  const newClinic = async (): Promise<string> => {
    const place = { address: 'House 12', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' };
    return (await surgery.admin.act('POST', '/clinics', { name: `Clinic ${crypto.randomUUID()}`, ...place })).body.id;
  };
  const [clinicId, otherClinicId] = [await newClinic(), await newClinic()];
  const { doctor } = surgery;
  const joined = await doctor.act('PUT', `/doctors/${doctor.id}`, { clinicIds: [clinicId, otherClinicId] });
  if (joined.status !== 200) throw new Error(`clinics: ${joined.status} ${JSON.stringify(joined.body)}`);
  await surgery.setSchedule([
    ...everyDay({ clinicId }),
    ...everyDay({ start: '14:00', end: '16:00', clinicId: otherClinicId }),
  ]);
  const register = async (body: unknown, by: Actor = surgery.admin, at = clinicId) =>
    by.act('POST', `/clinics/${at}/webhooks`, body);
  return { ...surgery, clinicId, otherClinicId, register };
};
