import type { Audience } from '../../domain/notifications/kinds.ts';
import type { Wording } from './language.ts';

/** What follows is until when. It names nobody: the document says whose it is. */
type Wordings = Readonly<Record<Audience, Wording>>;

/** That a patient has given a doctor a document to read, in each language. */
export const documentShared: Readonly<Record<'en' | 'bn', Wordings>> = {
  en: {
    patient: {
      title: 'You have given a document to a doctor',
      brief: 'Document given until',
      lead: () => 'It can be read in Daybook until this time.',
    },
    doctor: {
      title: 'A patient has given you a document',
      brief: 'Document from a patient, until',
      lead: () => 'You can read it in Daybook until this time.',
    },
  },
  bn: {
    patient: {
      title: 'আপনি একজন ডাক্তারকে একটি নথি দিয়েছেন',
      brief: 'নথি দেওয়া হয়েছে',
      lead: () => 'এই সময় পর্যন্ত Daybook-এ এটি পড়া যাবে।',
    },
    doctor: {
      title: 'একজন রোগী আপনাকে একটি নথি দিয়েছেন',
      brief: 'রোগীর দেওয়া নথি',
      lead: () => 'এই সময় পর্যন্ত Daybook-এ আপনি এটি পড়তে পারবেন।',
    },
  },
};
