import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { settingsOf } from '../../../src/env.ts';
import { consumeMessage, forgetOldMessages, retryMessages, sweepMessages } from '../../../src/messages/consume.ts';
import worker from '../../../src/worker.ts';
import { call } from '../../support/api.ts';
import { mailTo, messageRow, said } from '../../support/mailbox.ts';

const someone = () => `m-${crypto.randomUUID().slice(0, 12)}@example.com`;
const { calls } = vi.hoisted(() => ({ calls: [] as unknown[] }));

/** The deployment's own settings, with mail going to a binding that does as it is told. */
const posting = (send: (message: unknown) => Promise<unknown>): Env =>
  ({ ...env, MAIL_TRANSPORT: 'cloudflare', EMAIL: { send } }) as unknown as Env;

let notices: { readonly id: string }[] = [];
beforeEach(() => {
  notices = [];
  calls.length = 0;
  vi.spyOn(env.MESSAGE_QUEUE, 'sendBatch').mockImplementation(async (batch) => {
    for (const { body } of batch) notices.push(body as { id: string });
    return {} as never;
  });
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation((line) => {
    calls.push(line);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a message to a person', () => {
  it('[MS1] is stored sealed, and only its id travels on the queue', async () => {
    const to = someone();
    const { id, content } = await said({ to, text: 'Your code is 123456', subject: 'A code' });
    expect(notices).toEqual([{ id }]);
    const stored = await env.DB.prepare('select * from messages where id = ?').bind(id).first();
    expect(JSON.stringify(stored)).not.toMatch(/123456|A code|@example/);
    expect(content).toMatch(/^v1\./);
  });

  it('[MS1] sealed for one row does not open as another', async () => {
    const [mine, theirs] = [await said({ to: someone() }), await said({ to: someone() })];
    await env.DB.prepare('update messages set content = ? where id = ?').bind(theirs.content, mine.id).run();
    expect(await consumeMessage(env, { id: mine.id }, Date.now())).toBeGreaterThanOrEqual(10);
    expect(await messageRow(mine.id)).toMatchObject({ sent_at_ms: null, failure: 'attempt_failed' });
    await env.DB.prepare('delete from messages where id = ?').bind(mine.id).run();
  });

  it('[MS2] is sent once, however often and however simultaneously its notice comes', async () => {
    const sent: { readonly from: string; readonly to: string }[] = [];
    const posted = posting(async (message) => sent.push(message as (typeof sent)[number]));
    const to = someone();
    const { id } = await said({ to, text: 'Once' });
    await Promise.all([1, 2, 3, 4].map(() => consumeMessage(posted, { id }, Date.now())));
    await consumeMessage(posted, { id }, Date.now() + 3_600_000);
    expect(sent.map((mail) => [mail.from, mail.to])).toEqual([[settingsOf(env).mailFrom, to]]);
  });

  it('[MS3] is gone from the database once somebody else has taken it', async () => {
    const { id } = await said({ to: someone() });
    await consumeMessage(
      posting(async () => undefined),
      { id },
      Date.now(),
    );
    expect(await messageRow(id)).toMatchObject({ content: null, due_at_ms: null, failed_at_ms: null });
  });

  it('[MS4] is tried again with growing delays, then given up and reported without a word of it', async () => {
    const to = someone();
    const { id } = await said({ to, text: 'secret words' });
    const down = posting(async () => {
      throw new Error(`mailbox ${to} is down`);
    });
    let nowMs = Date.now();
    const delays: (number | null)[] = [];
    for (let i = 0; i < 9; i += 1) {
      const delay = await consumeMessage(down, { id }, nowMs);
      delays.push(delay);
      nowMs += (delay ?? 0) * 1000;
    }
    const least = [10, 20, 40, 80, 160, 320, 640];
    expect(delays.slice(least.length)).toEqual([null, null]);
    for (const [i, seconds] of least.entries()) {
      expect(delays[i]).toBeGreaterThanOrEqual(seconds);
      expect(delays[i]).toBeLessThanOrEqual(seconds * 1.5);
    }
    const givenUp = { attempts: 8, due_at_ms: null, failed_at_ms: expect.any(Number), failure: 'provider_failed' };
    expect(await messageRow(id)).toMatchObject(givenUp);
    expect(calls.at(-1)).toContain('message_given_up');
    expect(calls.join()).not.toMatch(/secret words|@example/);
    await retryMessages(env, [id], nowMs);
    expect(notices.at(-1)).toEqual({ id });
    await consumeMessage(env, { id }, nowMs);
    expect((await messageRow(id))?.sent_at_ms).toBe(nowMs);
  });

  it('[MS5] whose notice was lost, or whose sender crashed, is found by the next minute', async () => {
    vi.mocked(env.MESSAGE_QUEUE.sendBatch).mockRejectedValueOnce(new Error('queue down'));
    const { id } = await said({ to: someone() });
    expect(notices).toEqual([]);
    await sweepMessages(env, Date.now());
    expect(notices).not.toContainEqual({ id });
    await sweepMessages(env, Date.now() + 61_000);
    expect(notices).toContainEqual({ id });
  });

  it('[MS5] that failed in the consumer itself is asked for again, and does not hold up the others', async () => {
    const { id } = await said({ to: someone() });
    const body = { id };
    const batch = createMessageBatch<{ id: string }>('daybook-messages', [
      { id: '1', timestamp: new Date(), attempts: 1, body: null as never },
      { id: '2', timestamp: new Date(), attempts: 1, body },
    ]);
    const ctx = createExecutionContext();
    await worker.queue(batch, env);
    const result = await getQueueResult(batch, ctx);
    await waitOnExecutionContext(ctx);
    expect(result.explicitAcks).toEqual(['2']);
    expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(['1']);
    expect((await messageRow(id))?.sent_at_ms).not.toBeNull();
  });

  it('[MS6] is forgotten after 30 days', async () => {
    const now = Date.now();
    const [old, young] = [
      await said({ to: someone() }, now - 31 * 86_400_000),
      await said({ to: someone() }, now - 29 * 86_400_000),
    ];
    await forgetOldMessages(database(env.DB), now);
    expect(await messageRow(old.id)).toBeNull();
    expect(await messageRow(young.id)).not.toBeNull();
  });
});

describe('the mailbox of a developer’s machine', () => {
  it('[MS7] shows what the local transport kept, as text that no browser runs', async () => {
    const to = someone();
    const { id } = await said({ to, text: '<script>alert(1)</script> https://daybook.test/x#y', subject: '<b>Hi' });
    expect((await mailTo(to)).map((kept) => [kept.id, kept.state])).toEqual([[id, 'waiting']]);
    const page = await (await call(`//dev/mailbox/${id}`)).text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; <a href="https://daybook.test/x#y">');
    expect(page).not.toMatch(/<script|<b>/);
    expect((await call('//dev/mailbox')).headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('[MS7] shows the HTML part as a mail program would, in a frame in which nothing runs', async () => {
    const html = '<p style="color:red">Hello</p><script>alert(1)</script>';
    const { id } = await said({ to: someone(), html });
    expect(await (await call(`//dev/mailbox/${id}`)).text()).toContain(
      `<iframe src="/dev/mailbox/${id}/html" title="The HTML part" sandbox="allow-popups"`,
    );
    const part = await call(`//dev/mailbox/${id}/html`);
    expect(await part.text()).toBe(html);
    expect(part.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups",
    );
    expect((await call(`//dev/mailbox/${(await said({ to: someone() })).id}/html`)).status).toBe(404);
  });

  it('[MS7] is not there in production, nor is a message of nobody', async () => {
    const { id } = await said({ to: someone() });
    const production = {
      ...env,
      ENVIRONMENT: 'production',
      RATE_LIMITS: 'on',
      MAIL_TRANSPORT: 'cloudflare',
      SMS_TRANSPORT: 'none',
      PUSH_TRANSPORT: '',
      PAYMENT_GATEWAY: 'none',
    } as Env;
    for (const path of ['/dev/mailbox', `/dev/mailbox/${id}`]) {
      const answer = await worker.fetch(
        new Request(`http://daybook.test${path}`),
        production,
        createExecutionContext(),
      );
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect((await call('//dev/mailbox/m_unknown')).status).toBe(404);
  });

  it('[MS7] is not there under a name that somebody else points at this machine', async () => {
    const development = { ...env, ENVIRONMENT: 'development' } as Env;
    const statusAt = async (host: string): Promise<number> =>
      (await worker.fetch(new Request(`http://${host}/dev/mailbox`), development, createExecutionContext())).status;
    for (const host of ['localhost:8787', '127.0.0.1', '[::1]:9000'])
      expect([host, await statusAt(host)]).toEqual([host, 200]);
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
      expect([host, await statusAt(host)]).toEqual([host, 404]);
  });

  it('[MS8] a production configuration that keeps messages instead of sending them does not start', () => {
    for (const name of ['MAIL_TRANSPORT', 'SMS_TRANSPORT', 'PUSH_TRANSPORT']) {
      const wrong = {
        ...env,
        ENVIRONMENT: 'production',
        RATE_LIMITS: 'on',
        MAIL_TRANSPORT: 'cloudflare',
        SMS_TRANSPORT: 'none',
        PUSH_TRANSPORT: '',
        [name]: 'local',
      };
      expect(() => settingsOf(wrong as Env)).toThrow(new RegExp(`${name}: local is not for production`));
    }
  });
});
