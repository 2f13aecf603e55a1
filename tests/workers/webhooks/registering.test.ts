import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { send } from '../../support/api.ts';
import { patient, signedIn } from '../../support/clinic.ts';
import { under } from '../../support/under.ts';
import { clinicPractice, hook } from '../../support/webhooks.ts';

let clinic: Awaited<ReturnType<typeof clinicPractice>>;
beforeAll(async () => {
  clinic = await clinicPractice();
});

const rowOf = (id: string) => env.DB.prepare('SELECT * FROM clinic_webhooks WHERE id = ?').bind(id).first();
const path = (id = '', more = '') => `/clinics/${clinic.clinicId}/webhooks${id === '' ? '' : `/${id}`}${more}`;

const removed = async (id: string) => (await send('DELETE', path(id), { as: clinic.admin })).status;

describe('an admin for doctors', () => {
  it('[WH1] registers, lists, changes and deletes webhooks, and each is in the audit', async () => {
    const { admin, clinicId, register } = clinic;
    const made = await register({ url: 'https://hooks.example.org/a', events: ['appointment.cancelled'] });
    const { secret, ...webhook } = made.body;
    expect(made.status).toBe(201);
    expect(webhook).toMatchObject({ clinicId, enabled: true, events: ['appointment.cancelled'], offReason: null });
    expect((await admin.act('GET', path())).body.items).toEqual([webhook]);
    const changed = await admin.act('PUT', path(webhook.id), { events: null, enabled: false });
    expect(changed.body).toMatchObject({ url: webhook.url, events: null, enabled: false, offReason: 'switched_off' });
    expect((await admin.act('PUT', path(webhook.id), { enabled: true })).body).toMatchObject({ offReason: null });
    expect(await removed(webhook.id)).toBe(204);
    expect((await admin.act('GET', path())).body.items).toEqual([]);
    const { body } = await admin.act('GET', `/admin/audit?stream=clinic:${clinicId}&limit=4`);
    expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
      ...['webhook.deleted', 'webhook.changed', 'webhook.changed', 'webhook.created'],
    ]);
    expect(JSON.stringify(body)).not.toContain('hooks.example.org');
  });

  it('[WH1] has five of them at most for a clinic', async () => {
    const { admin, otherClinicId, register } = clinic;
    const statuses = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, i) => (await register({ url: hook(`${i}`).url }, admin, otherClinicId)).status,
      ),
    );
    expect(statuses.sort()).toEqual([201, 201, 201, 201, 201, 422, 422, 422]);
  });

  it('[WH1] finds those of another clinic nowhere', async () => {
    const { admin, otherClinicId, register } = clinic;
    const { id } = (await register({ url: hook().url })).body;
    const there = `/clinics/${otherClinicId}/webhooks/${id}`;
    for (const [method, where, body] of [
      ['PUT', there, { enabled: false }],
      ['DELETE', there, undefined],
      ['POST', `${there}/rotate-secret`, undefined],
      ['GET', `${there}/deliveries`, undefined],
      ['POST', `${there}/deliveries/msg_x/replay`, undefined],
      ['GET', '/clinics/c_none/webhooks', undefined],
      ['POST', '/clinics/c_none/webhooks', { url: hook().url }],
    ] as const) {
      expect([method, where, (await admin.act(method, where, body)).status]).toEqual([method, where, 404]);
    }
    expect(await rowOf(id)).toMatchObject({ off_at_ms: null });
    await removed(id);
  });

  it('[WH1] is who may: no patient, no doctor, no staff of the clinic, no admin for something else', async () => {
    const others = [
      await patient(),
      clinic.doctor,
      await signedIn(clinic.doctor.id, 'staff', { clinicIds: [clinic.clinicId] }),
      await signedIn(clinic.admin.id, 'admin', { permissions: ['users', 'system', 'audit', 'appointments'] }),
    ];
    for (const who of others) {
      expect((await who.act('GET', path())).status).toBe(403);
      expect((await clinic.register({ url: hook().url }, who)).status).toBe(403);
    }
  });

  it('[WH2] sees the secret once: stored it is sealed, and no later answer shows it', async () => {
    const { admin, register } = clinic;
    const { id, secret } = (await register({ url: hook().url })).body;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const stored = await rowOf(id);
    expect(JSON.stringify(stored)).not.toContain(secret.slice(6));
    expect(stored?.secret).toMatch(/^v1\./);
    const rotated = (await admin.act('POST', path(id, '/rotate-secret'))).body;
    expect(rotated.secret).not.toBe(secret);
    expect(Date.parse(rotated.previousSecretUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    const answers = [await admin.act('GET', path()), await admin.act('PUT', path(id), { enabled: true })];
    expect(JSON.stringify(answers)).not.toContain('whsec_');
    await removed(id);
  });

  it('[WH2] [IK11] is not given the secret again for the same key, and neither webhook nor secret is made twice', async () => {
    const { admin } = clinic;
    const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const create = () => admin.act('POST', path(), { url: hook('twice').url }, one);
    const { id } = (await create()).body;
    const rotate = () => admin.act('POST', path(id, '/rotate-secret'), undefined, other);
    expect((await rotate()).status).toBe(200);
    const stored = await rowOf(id);
    for (const repeat of [create, rotate])
      expect(await repeat()).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await rowOf(id)).toEqual(stored);
    expect((await admin.act('GET', path())).body.items).toHaveLength(1);
    expect(await removed(id)).toBe(204);
  });

  it('[WH3] of a deployment registers no address that leads inside', async () => {
    const ask = under({
      ...{ ENVIRONMENT: 'production', RATE_LIMITS: 'on', APP_URL: 'https://daybook.test' },
      ...{ MAIL_TRANSPORT: 'cloudflare', SMS_TRANSPORT: 'none', PUSH_TRANSPORT: '', PAYMENT_GATEWAY: 'none' },
    });
    const as = clinic.admin;
    for (const url of ['http://hooks.example.org/', 'https://127.0.0.1/', 'https://localhost/', 'https://[::1]/']) {
      const refused = await ask('POST', path(), { as, body: { url } });
      expect([url, refused.status, refused.body.code]).toEqual([url, 422, 'address_not_allowed']);
    }
    const made = await ask('POST', path(), { as, body: { url: 'https://hooks.example.org/' } });
    expect(made.status).toBe(201);
    const changed = await ask('PUT', path(made.body.id), { as, body: { url: 'https://10.0.0.1/' } });
    expect([changed.status, (await rowOf(made.body.id))?.url]).toEqual([422, 'https://hooks.example.org/']);
    await removed(made.body.id);
  });

  it('[WH3] registers nothing that is no address at all', async () => {
    for (const url of [
      '',
      'hooks',
      'file:///etc/passwd',
      'javascript:alert(1)',
      `https://a.example/${'x'.repeat(2_000)}`,
      7,
    ]) {
      expect([400, 422]).toContain((await clinic.register({ url })).status);
    }
    for (const body of [
      {},
      { url: hook().url, events: [] },
      { url: hook().url, events: ['all'] },
      { url: hook().url, x: 1 },
    ]) {
      expect((await clinic.register(body)).status).toBe(400);
    }
  });
});
