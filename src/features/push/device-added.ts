import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts } from '../../db/schema.ts';
import type { Locale } from '../../domain/notifications/preferences.ts';
import { postMessage } from '../../messages/message.ts';
import { preferencesOf } from '../../notifications/preferences.ts';

interface Words {
  readonly subject: string;
  readonly lines: (name: string) => readonly string[];
}

const words: Readonly<Record<Locale, Words>> = {
  en: {
    subject: 'Daybook now tells you on another device',
    lines: (name) => [
      `What Daybook tells you, such as when your appointments are, now shows on this device, too: ${name}. It does until somebody signs out there, or you remove the device.`,
      'If this was not you, sign out everywhere in Daybook and change your password now: then nothing shows there any more. And write to your clinic.',
    ],
  },
  bn: {
    subject: 'ডেবুকের খবর এখন আরেকটি যন্ত্রেও দেখাবে',
    lines: (name) => [
      `আপনার অ্যাপয়েন্টমেন্ট কখন, এমন সব খবর এখন থেকে এই যন্ত্রেও দেখাবে: ${name}। সেখান থেকে সাইন আউট করলে বা যন্ত্রটি সরিয়ে দিলে আর দেখাবে না।`,
      'এটি আপনি না করে থাকলে এখনই ডেবুকে সব জায়গা থেকে সাইন আউট করুন ও পাসওয়ার্ড বদলান: তাহলে সেখানে আর কিছু দেখাবে না। আপনার ক্লিনিককেও জানান।',
    ],
  },
};

/**
 * The mail that tells an owner of a device that was added, in their language: what the device is called, never its
 * address. None to an account that is gone.
 */
export const deviceAdded = async (
  db: Database,
  dataKey: string,
  accountId: string,
  deviceName: string,
  nowMs: number,
): Promise<Awaited<ReturnType<typeof postMessage>>[]> => {
  const [[owner], preferences] = await Promise.all([
    db.select({ email: accounts.email }).from(accounts).where(eq(accounts.id, accountId)),
    preferencesOf(db, [accountId]),
  ]);
  if (owner === undefined) return [];
  const { subject, lines } = words[preferences.get(accountId)?.locale ?? 'en'];
  const text = [...lines(deviceName), 'Daybook'].join('\n\n');
  const to = { accountId, channel: 'email', to: owner.email, kind: 'push_device_added' } as const;
  return [await postMessage(db, dataKey, { ...to, subject, text }, nowMs)];
};
