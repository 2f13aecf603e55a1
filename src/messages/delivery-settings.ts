import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../domain/base64url.ts';
import type { FcmProject } from './transports/fcm.ts';
import type { SmtpServer } from './transports/smtp.ts';
import type { TwilioAccount } from './transports/twilio.ts';
import type { WebPush } from './transports/web-push.ts';

const optional = <T extends z.ZodType>(schema: T) => z.union([z.literal(''), schema]);
const secret = z.string().min(1).optional();
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
);

const jsonOf = <T extends z.ZodType>(schema: T, message: string) =>
  z.string().transform((text, context): z.output<T> => {
    const parsed = schema.safeParse(json(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const p256Number = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const vapidKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: p256Number,
  y: p256Number,
  d: p256Number,
});
const serviceAccountSchema = z.object({
  project_id: z.string().regex(/^[a-z0-9:.-]+$/),
  client_email: z.email(),
  private_key: z.string().startsWith('-----BEGIN PRIVATE KEY-----'),
  token_uri: z.url({ protocol: /^https?$/ }),
});

/** The variables that say by what ways people are told, as the wrangler file names them. */
export const deliveryFields = {
  /** `local` sends nothing: messages are shown at /dev/mailbox. Not in production. */
  MAIL_TRANSPORT: z.enum(['cloudflare', 'smtp', 'local']),
  MAIL_FROM: z.email(),
  SMTP_HOST: optional(z.string().regex(/^[A-Za-z0-9.-]+$/, 'must be the name of a host')),
  SMTP_PORT: z.coerce.number().int().min(1).max(65_535),
  /** `implicit` is TLS from the first byte, as on port 465; `starttls` begins in the clear, and goes on by TLS only. */
  SMTP_TLS: z.enum(['starttls', 'implicit']),
  SMTP_USER: z.string(),
  SMTP_PASSWORD: secret,
  SMS_TRANSPORT: z.enum(['none', 'twilio', 'local']),
  TWILIO_API_URL: z.url({ protocol: /^https?$/ }),
  TWILIO_ACCOUNT_SID: optional(z.string().regex(/^AC[0-9a-f]{32}$/, 'must be AC and 32 hexadecimal digits')),
  /** A number in E.164, a sender's name, or the SID of a messaging service. */
  TWILIO_FROM: z.string().max(64),
  TWILIO_AUTH_TOKEN: secret,
  /** Push services that are spoken to, comma-separated; empty is none. */
  PUSH_TRANSPORT: z.string().regex(/^(|local|web|fcm|web,fcm|fcm,web)$/, 'must be local, web, fcm, web,fcm or empty'),
  /** Hosts of push services that browsers may name; `*.` stands for everything below. */
  PUSH_HOSTS: list.refine(
    (hosts) => hosts.every((host) => /^(\*\.)?[a-z0-9.-]+$/.test(host)),
    'must be names of hosts, comma-separated',
  ),
  /** A P-256 key as a JSON Web Key, private. */
  VAPID_PRIVATE_KEY: jsonOf(vapidKeySchema, 'must be a private P-256 key as a JSON Web Key').optional(),
  FCM_API_URL: z.url({ protocol: /^https?$/ }),
  /** The JSON file of a Google service account. */
  FCM_SERVICE_ACCOUNT: jsonOf(serviceAccountSchema, 'must be the JSON of a Google service account').optional(),
};

const deliverySchema = z.object(deliveryFields);
type Value = z.output<typeof deliverySchema>;

/** By what ways people are told. */
export interface DeliverySettings {
  readonly mail:
    | { readonly transport: 'cloudflare' | 'local' }
    | { readonly transport: 'smtp'; readonly smtp: SmtpServer };
  readonly sms:
    | { readonly transport: 'none' | 'local' }
    | { readonly transport: 'twilio'; readonly twilio: TwilioAccount };
  readonly push: {
    readonly transport: 'local' | 'services';
    /** Hosts of push services that browsers may name. */
    readonly hosts: readonly string[];
    /** `null`: browsers cannot be told. */
    readonly web: WebPush | null;
    /** `null`: applications cannot be told. */
    readonly fcm: FcmProject | null;
  };
}

/** What is wrong with values that each are right: a way that is chosen without what it needs, or in the open. */
export const deliveryFaults = (
  value: Value,
  isProduction: boolean,
): (readonly [name: keyof typeof deliveryFields, message: string])[] => {
  const faults: (readonly [keyof typeof deliveryFields, string])[] = [];
  const needs = (way: string, ...names: readonly (keyof typeof deliveryFields)[]) => {
    for (const name of names) if ((value[name] ?? '') === '') faults.push([name, `is missing, and ${way} needs it`]);
  };
  if (value.MAIL_TRANSPORT === 'smtp') needs('mail by SMTP', 'SMTP_HOST', 'SMTP_USER', 'SMTP_PASSWORD');
  if (value.SMS_TRANSPORT === 'twilio')
    needs('SMS by Twilio', 'TWILIO_ACCOUNT_SID', 'TWILIO_FROM', 'TWILIO_AUTH_TOKEN');
  if (value.PUSH_TRANSPORT.includes('web')) needs('Web Push', 'VAPID_PRIVATE_KEY');
  if (value.PUSH_TRANSPORT.includes('fcm')) needs('push by Firebase', 'FCM_SERVICE_ACCOUNT');
  if (!isProduction) return faults;
  for (const name of ['MAIL_TRANSPORT', 'SMS_TRANSPORT', 'PUSH_TRANSPORT'] as const) {
    if (value[name] === 'local') faults.push([name, 'local is not for production']);
  }
  for (const name of ['TWILIO_API_URL', 'FCM_API_URL'] as const) {
    if (!value[name].startsWith('https://')) faults.push([name, 'must be https in production']);
  }
  if (value.FCM_SERVICE_ACCOUNT?.token_uri.startsWith('https://') === false)
    faults.push(['FCM_SERVICE_ACCOUNT', 'must have an https token_uri in production']);
  return faults;
};

/** The settings that checked variables stand for. */
export const deliverySettings = (value: Value): DeliverySettings => ({
  mail:
    value.MAIL_TRANSPORT === 'smtp'
      ? {
          transport: 'smtp',
          smtp: {
            host: value.SMTP_HOST,
            port: value.SMTP_PORT,
            tls: value.SMTP_TLS,
            user: value.SMTP_USER,
            password: value.SMTP_PASSWORD ?? '',
          },
        }
      : { transport: value.MAIL_TRANSPORT },
  sms:
    value.SMS_TRANSPORT === 'twilio'
      ? {
          transport: 'twilio',
          twilio: {
            apiUrl: value.TWILIO_API_URL.replace(/\/$/, ''),
            accountSid: value.TWILIO_ACCOUNT_SID,
            authToken: value.TWILIO_AUTH_TOKEN ?? '',
            from: value.TWILIO_FROM,
          },
        }
      : { transport: value.SMS_TRANSPORT },
  push: {
    transport: value.PUSH_TRANSPORT === 'local' ? 'local' : 'services',
    hosts: value.PUSH_HOSTS,
    web: value.PUSH_TRANSPORT.includes('web') ? webPushOf(value) : null,
    fcm: value.PUSH_TRANSPORT.includes('fcm') ? fcmOf(value) : null,
  },
});

const webPushOf = ({ VAPID_PRIVATE_KEY: key }: Value): WebPush | null =>
  key === undefined ? null : { publicKey: uncompressed(key), privateKey: key.d };

/** The point of a key as browsers want it: 4, x and y (SEC 1, 2.3.3), base64url. */
const uncompressed = ({ x, y }: { readonly x: string; readonly y: string }): string =>
  toBase64Url(Uint8Array.of(4, ...(fromBase64Url(x) ?? []), ...(fromBase64Url(y) ?? [])));

const fcmOf = ({ FCM_SERVICE_ACCOUNT: account, FCM_API_URL: apiUrl }: Value): FcmProject | null =>
  account === undefined
    ? null
    : {
        apiUrl: apiUrl.replace(/\/$/, ''),
        projectId: account.project_id,
        clientEmail: account.client_email,
        privateKey: account.private_key,
        tokenUri: account.token_uri,
      };
