import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { auditStatement } from '../../../src/features/audit/record.ts';
import { call, send } from '../../support/api.ts';
import { assemble, type Cast } from '../../support/cast.ts';
import { eventually } from '../../support/clinic.ts';

let cast: Cast;
let id: string;

beforeAll(async () => {
  cast = await assemble();
  id = (await cast.appointment('confirmed')).id;
  // Lists are read from D1, which a day tells a moment later.
  await eventually(
    () => env.DB.prepare('SELECT status FROM appointments WHERE id = ?').bind(id).first('status'),
    (status) => status === 'confirmed',
  );
});
afterEach(() => vi.restoreAllMocks());

interface Row {
  readonly action: string;
  readonly subjectId: string | null;
  readonly actorRole: string;
  readonly data: Record<string, unknown> & { patientIds?: string[]; from?: Record<string, unknown> };
}

/** What the audit holds of an account's own doing. */
const trail = async (accountId: string): Promise<Row[]> => {
  const { results } = await env.DB.prepare(
    `SELECT action, subject_id AS subjectId, actor_role AS actorRole, data FROM audit_events
     WHERE stream = ? AND (action LIKE '%read' OR action LIKE '%listed' OR action LIKE 'audit.%') ORDER BY seq`,
  )
    .bind(`account:${accountId}`)
    .all<{ action: string; subjectId: string | null; actorRole: string; data: string }>();
  return results.map((row) => ({ ...row, data: JSON.parse(row.data) }));
};

/** What reading adds to the trail of who reads. */
const added = async (accountId: string, read: () => Promise<unknown>): Promise<Row[]> => {
  const before = (await trail(accountId)).length;
  await read();
  return (await trail(accountId)).slice(before);
};

const accessesOf = async (patientId: string): Promise<number> =>
  (await env.DB.prepare('SELECT count(*) AS n FROM record_accesses WHERE patient_id = ?').bind(patientId).first('n')) ??
  0;

describe('a read of patient data', () => {
  test('[AU7] by a doctor leaves one row: who, whose, what, why and from where', async () => {
    const { ownDoctor, patient } = cast.members;
    const rows = await added(ownDoctor.id, () =>
      call(`/appointments/${id}`, {
        headers: { authorization: `Bearer ${ownDoctor.token}`, 'cf-connecting-ip': '203.0.113.77' },
      }),
    );
    expect(rows).toEqual([
      {
        action: 'appointment.read',
        subjectId: id,
        actorRole: 'doctor',
        data: {
          why: 'treatment',
          patientIds: [patient.id],
          clinicId: null,
          from: { place: null, address: expect.stringMatching(/^[\w-]{16}$/), requestId: expect.any(String) },
        },
      },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|rash|itching|Nadia/);
  });

  test('[AU7] by an admin, too; a list leaves one row that names everybody in it', async () => {
    const { admin, patient } = cast.members;
    expect(await added(admin.id, () => admin.reads(id))).toMatchObject([
      { action: 'appointment.read', data: { why: 'administration', patientIds: [patient.id] } },
    ]);
    const [row, ...more] = await added(admin.id, () => admin.lists(`?patientId=${patient.id}`));
    expect(more).toEqual([]);
    expect(row).toMatchObject({ action: 'appointments.listed', data: { appointments: expect.any(Number) } });
    expect(row?.data.patientIds).toContain(patient.id);
  });

  test('[AU7] also where a change that changes nothing shows an account, or an erasure is prepared', async () => {
    const { admin, patient } = cast.members;
    const path = `/users/${patient.id}`;
    expect(await added(admin.id, () => admin.act('PUT', `/admin${path}`, { active: true }))).toMatchObject([
      { action: 'account.read', subjectId: patient.id, data: { why: 'administration', patientIds: [patient.id] } },
    ]);
    const before = await accessesOf(patient.id);
    await admin.act('POST', `${path}/erasure`, { password: 'Correct-Horse-7' });
    expect(await accessesOf(patient.id)).toBe(before + 1);
  });

  test('[AU7] that finds nothing, is refused, or is of one’s own data leaves none', async () => {
    const { otherDoctor, patient, otherPatient } = cast.members;
    expect(await added(otherDoctor.id, () => otherDoctor.reads(id))).toEqual([]);
    expect(await added(otherDoctor.id, () => otherDoctor.lists())).toEqual([]);
    expect(await added(otherPatient.id, () => otherPatient.reads(id))).toEqual([]);
    expect(await added(patient.id, () => patient.reads(id))).toEqual([]);
    expect(await added(patient.id, () => patient.lists())).toEqual([]);
  });

  test('[AU7] that cannot be recorded is refused, and gives nothing away', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const plain = env.DB.prepare.bind(env.DB);
    vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => {
      if (/insert into "?audit_events/i.test(sql)) throw new Error('D1_ERROR: the database is read-only');
      return plain(sql);
    });
    const { ownDoctor, patient } = cast.members;
    for (const path of [`/appointments/${id}`, '/appointments']) {
      const refused = await send('GET', path, { as: ownDoctor });
      expect([path, refused.status]).toEqual([path, 503]);
      const text = await refused.text();
      expect(JSON.parse(text).code).toBe('temporarily_unavailable');
      expect(text).not.toMatch(/rash|itching/);
    }
    // One's own record needs no row.
    expect((await send('GET', `/appointments/${id}`, { as: patient })).status).toBe(200);
  });
});

describe('the access log', () => {
  const logOf = async (person: { token: string }, query = '') => {
    const response = await send('GET', `/users/me/access-log${query}`, { as: person });
    expect(response.status).toBe(200);
    return response.json<{ items: Record<string, unknown>[]; nextCursor: string | null }>();
  };

  test('[AU13] shows patients who looked, doctors by name and admins by role, newest first and page by page', async () => {
    const { patient, ownDoctor, admin } = cast.members;
    await ownDoctor.reads(id);
    await admin.reads(id);
    const first = await logOf(patient, '?limit=1');
    expect(first.items).toEqual([
      {
        at: expect.any(String),
        role: 'admin',
        name: null,
        action: 'appointment.read',
        subjectId: id,
        why: 'administration',
      },
    ]);
    const second = await logOf(patient, `?limit=1&cursor=${first.nextCursor}`);
    expect(second.items).toMatchObject([{ role: 'doctor', name: 'Rahima Khatun', why: 'treatment', subjectId: id }]);
    expect(JSON.stringify([first, second])).not.toMatch(/Ada Min|address|requestId/);
  });

  test('[AU13] shows nobody else’s', async () => {
    const { otherPatient, ownDoctor } = cast.members;
    expect((await logOf(otherPatient)).items).toEqual([]);
    expect((await logOf(ownDoctor)).items).toEqual([]);
    expect((await send('GET', '/users/me/access-log')).status).toBe(401);
    expect((await send('GET', '/users/me/access-log?patientId=u_x', { as: otherPatient })).status).toBe(400);
  });

  test('[AU13] walks an index', async () => {
    const { results } = await env.DB.prepare(
      `EXPLAIN QUERY PLAN SELECT * FROM record_accesses WHERE patient_id = 'x' ORDER BY at_ms DESC, stream DESC, seq DESC`,
    ).all<{ detail: string }>();
    expect(results.map(({ detail }) => detail).join()).toMatch(
      /^SEARCH record_accesses USING PRIMARY KEY \(patient_id=\?\)$/,
    );
  });
});

describe('the list for admins', () => {
  const stream = 'clinic:c_listed';
  const record = (actorId: string, action: string, atMs: number, subjectId: string | null, text = 'x') =>
    auditStatement(database(env.DB), {
      stream,
      actor: { id: actorId, role: 'admin' },
      action,
      subjectId,
      data: { text },
      atMs,
    });
  const list = async (query: string) => {
    const reply = await cast.members.admin.act('GET', `/admin/audit?${query}`);
    expect([query, reply.status]).toEqual([query, 200]);
    return reply.body.items.map((item: { seq: number }) => item.seq) as number[];
  };

  beforeAll(async () => {
    await record('u_a', 'test.made', 1_000, 'u_s');
    await record('u_b', 'test.made', 2_000, 'u_s');
    await record('u_a', 'test.ended', 3_000, 'u_t', '=cmd|x');
    await record('=u_a', '@test', 4_000, '"quoted", and\r\nbroken');
  });

  test('[AU14] finds by actor, action, subject, stream and time, and by all of them', async () => {
    expect(await list('actor=u_a')).toEqual([3, 1]);
    expect(await list('action=test.made')).toEqual([2, 1]);
    expect(await list('subject=u_s')).toEqual([2, 1]);
    expect(await list(`stream=${stream}`)).toEqual([4, 3, 2, 1]);
    expect(await list(`stream=${stream}&from=1970-01-01T00:00:02Z&to=1970-01-01T00:00:04Z`)).toEqual([3, 2]);
    expect(await list(`to=1970-01-01T00:00:02Z&actor=u_a`)).toEqual([1]);
    expect(await list(`stream=${stream}&actor=u_a&action=test.made&subject=u_s&from=1970-01-01T00:00:00Z`)).toEqual([
      1,
    ]);
  });

  test('[AU14] refuses what is no filter', async () => {
    for (const query of ['from=yesterday', 'to=1', 'format=xml', 'who=me', `actor=${'x'.repeat(129)}`]) {
      expect([query, (await cast.members.admin.act('GET', `/admin/audit?${query}`)).status]).toEqual([query, 400]);
    }
  });

  test('[AU14] gives CSV in which no field breaks out of its cell or runs as a formula', async () => {
    const asked = [
      await send('GET', `/admin/audit?stream=${stream}&format=csv`, { as: cast.members.admin }),
      await send('GET', `/admin/audit?stream=${stream}`, { as: cast.members.admin, headers: { accept: 'text/csv' } }),
    ];
    for (const response of asked) {
      expect(response.headers.get('content-type')).toContain('text/csv');
      const text = await response.text();
      expect(text.split('\r\n')[0]).toBe('"stream","seq","at","actorId","actorRole","action","subjectId","data"');
      expect(text).toContain(
        `"clinic:c_listed","4","1970-01-01T00:00:04.000Z","'=u_a","admin","'@test","""quoted"", and\r\nbroken","{""text"":""x""}"\r\n`,
      );
      expect(response.headers.get('link')).toBeNull();
    }
  });

  test('[AU14] says in a Link where a long CSV goes on', async () => {
    await env.DB.prepare(
      `INSERT INTO audit_events (stream, seq, at_ms, actor_role, action, data)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5002)
       SELECT 'clinic:c_long', i, i, 'system', 'test.happened', '{}' FROM n`,
    ).run();
    const first = await send('GET', '/admin/audit?stream=clinic:c_long&format=csv', { as: cast.members.admin });
    expect((await first.text()).trimEnd().split('\r\n')).toHaveLength(5_001);
    const next = /^<\/api\/v1(\/admin\/audit\?.*)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await send('GET', next, { as: cast.members.admin });
    expect((await second.text()).trimEnd().split('\r\n')).toHaveLength(3);
    expect(second.headers.get('link')).toBeNull();
  });

  test('[AU14] to read the audit, to check it and to take it away is recorded itself', async () => {
    const { admin } = cast.members;
    expect(await added(admin.id, () => admin.act('GET', '/admin/audit?actor=u_a'))).toMatchObject([
      { action: 'audit.read', data: { actor: 'u_a', rows: 2 } },
    ]);
    expect(await added(admin.id, () => admin.act('GET', `/admin/audit/verify?stream=${stream}`))).toMatchObject([
      { action: 'audit.verified', data: { stream } },
    ]);
    expect(
      await added(admin.id, async () => {
        await (await send('GET', `/admin/audit/export?stream=${stream}`, { as: admin })).arrayBuffer();
      }),
    ).toMatchObject([{ action: 'audit.exported', data: { stream } }]);
  });
});
