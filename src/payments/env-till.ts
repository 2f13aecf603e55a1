import { doctorDays } from '../doctor-days/client.ts';
import { toBase64Url } from '../domain/base64url.ts';
import { type Settings, settingsOf } from '../env.ts';
import { report } from '../http/log.ts';
import type { Gateway } from './gateway.ts';
import { localGateway } from './local.ts';
import { razorpay } from './razorpay.ts';
import { tellRefund } from './tell.ts';
import type { Till } from './till.ts';

const idBytes = 16;

/** What signs the webhooks of the pretended gateway. */
export const localSecret = ({ dataKey }: Pick<Settings, 'dataKey'>): string => `local payments ${dataKey}`;

/** The gateway that the settings name; `null` where nothing is paid. */
export const gatewayOf = (settings: Pick<Settings, 'payments' | 'dataKey' | 'appUrl'>): Gateway | null => {
  const { payments, appUrl } = settings;
  switch (payments.gateway) {
    case 'none':
      return null;
    case 'local':
      return localGateway(localSecret(settings), appUrl);
    case 'razorpay':
      return razorpay(payments.razorpay);
  }
};

/** A new id of something about money. */
export const newPaymentId = (prefix: string): string =>
  `${prefix}_${toBase64Url(crypto.getRandomValues(new Uint8Array(idBytes)))}`;

/** The till of a deployment. */
export const tillOf = (env: Env): Till => ({
  d1: env.DB,
  gateway: gatewayOf(settingsOf(env)),
  days: doctorDays(env),
  tell: (payment, told, nowMs) => tellRefund(env, payment, told, nowMs),
  report,
  newId: newPaymentId,
  random: Math.random,
});
