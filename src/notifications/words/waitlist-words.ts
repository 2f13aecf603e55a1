import type { Audience, NotificationKind } from '../../domain/notifications/kinds.ts';
import type { Locale } from '../../domain/notifications/preferences.ts';
import type { Wording } from './language.ts';

type Kinds = Extract<NotificationKind, 'waitlist_offer'>;

/** What somebody is told who waits for a seat, in each language. */
export const waitlistWords: Readonly<Record<Locale, Readonly<Record<Kinds, Readonly<Record<Audience, Wording>>>>>> = {
  en: {
    waitlist_offer: {
      patient: {
        title: 'A time has become free for you',
        brief: 'A free time is kept for you',
        lead: ({ doctor, until }) =>
          `${doctor} has a time that you wait for. It is kept for you until ${until ?? 'it runs out'}. ` +
          'Confirm it before then; after that, it goes to the next in line.',
      },
      doctor: {
        title: 'A free time was offered to who waits for it',
        brief: 'Free time offered',
        lead: () => 'It is kept for a while for whoever is first on the waitlist.',
      },
    },
  },
  bn: {
    waitlist_offer: {
      patient: {
        title: 'আপনার জন্য একটি সময় খালি হয়েছে',
        brief: 'আপনার জন্য একটি সময় রাখা আছে',
        lead: ({ doctor, until }) =>
          `${doctor}-এর যে সময়ের জন্য আপনি অপেক্ষা করছেন, তা খালি হয়েছে। ` +
          `${until === null ? 'কিছুক্ষণের জন্য এটি আপনার জন্য রাখা আছে' : `এটি ${until} পর্যন্ত আপনার জন্য রাখা আছে`}। ` +
          'তার আগে নিশ্চিত করুন; এরপর এটি পরের জনকে দেওয়া হবে।',
      },
      doctor: {
        title: 'একটি খালি সময় অপেক্ষমাণ রোগীকে দেওয়া হয়েছে',
        brief: 'খালি সময় দেওয়া হয়েছে',
        lead: () => 'অপেক্ষার তালিকায় যিনি প্রথম, তাঁর জন্য এটি কিছুক্ষণ রাখা আছে।',
      },
    },
  },
};
