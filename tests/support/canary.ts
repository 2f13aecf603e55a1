import { env } from 'cloudflare:workers';
import { found } from './storage.ts';

/** What tests sent as a person's own, by the fields that carry it, since the last look. */
const sent = { secrets: new Set<string>(), words: new Set<string>() };
/** What left the Worker for operators and queues since the last look. */
let overheard: string[] = [];
let listening = false;

const personal = new Set(['email', 'phone', 'fullName', 'password', 'refreshToken', 'birthDate', 'code', 'name']);
const words = new Set(['reason', 'symptoms', 'statusReason', 'notes', 'diagnosis']);
/** Shorter texts, and those of one word, stand in places where nobody put them. */
const minLength = 9;

/** Remembers what a request carries that nobody but its reader may see. Every test's requests come through here. */
export const remember = (path: string, body: unknown): void => {
  if (typeof body !== 'object' || body === null) return;
  for (const [field, value] of Object.entries(body)) {
    if (typeof value === 'object') remember(path, value);
    if (typeof value !== 'string' || value.length < minLength) continue;
    if (personal.has(field) && field !== 'birthDate') sent.secrets.add(value);
    if (
      words.has(field) &&
      /^\/(appointments|users|patients|dependants|prescriptions)\b/.test(path) &&
      value.includes(' ')
    )
      sent.words.add(value);
  }
};

/** Listens to everything that is logged or put on a queue. A test that mocks one of these looks at it by itself. */
export const listen = (): void => {
  if (listening) return;
  listening = true;
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const plain = console[level];
    console[level] = (...parts: unknown[]) => {
      overheard.push(parts.map(String).join(' '));
      plain.apply(console, parts);
    };
  }
  for (const queue of [env.DAY_QUEUE, env.MESSAGE_QUEUE, env.NOTIFICATION_QUEUE, env.WEBHOOK_QUEUE]) {
    const [send, sendBatch] = [queue.send.bind(queue), queue.sendBatch.bind(queue)];
    queue.send = (body, options) => {
      overheard.push(JSON.stringify(body));
      return send(body, options);
    };
    queue.sendBatch = (batch, options) => {
      const messages = [...batch];
      overheard.push(...messages.map(({ body }) => JSON.stringify(body)));
      return sendBatch(messages, options);
    };
  }
};

/** What was overheard, and forgets it. */
export const takeOverheard = (): string => {
  const text = overheard.join('\n');
  overheard = [];
  return text;
};

/** What of all that tests sent has got out since the last look: into a log line, a queue message, or D1. */
export const leaks = async (): Promise<string[]> => {
  const texts = [...sent.words];
  const secrets = [...sent.secrets, ...texts];
  sent.words.clear();
  sent.secrets.clear();
  const { results } = await env.DB.prepare('select reason, symptoms, status_reason from appointments').all();
  return [...found(takeOverheard(), secrets), ...found(JSON.stringify(results), texts)];
};
