import type { Audience, NotificationKind } from '../../domain/notifications/kinds.ts';
import type { Locale } from '../../domain/notifications/preferences.ts';
import type { Wording } from './language.ts';

type Kinds = Extract<NotificationKind, 'rebook' | 'running_late' | 'your_turn' | 'follow_up'>;

/** What patients are told round a visit: of a doctor who is away or late, of their turn, of another visit, in each language. */
export const visitWords: Readonly<Record<Locale, Readonly<Record<Kinds, Readonly<Record<Audience, Wording>>>>>> = {
  en: {
    rebook: {
      patient: {
        title: 'Please choose another time',
        brief: 'Doctor away, please choose another time',
        lead: ({ doctor }) =>
          `${doctor} will be away at the time of your appointment. Please choose another time, or cancel.`,
      },
      doctor: {
        title: 'A patient was asked to choose another time',
        brief: 'Patient asked to choose again',
        lead: () => 'You are away at the time of this appointment.',
      },
    },
    running_late: {
      patient: {
        title: 'Your doctor is running late',
        brief: 'Running late, now expected at',
        lead: ({ doctor, minutes }) =>
          `${doctor} is about ${minutes} minutes late. You are expected at the time below.`,
      },
      doctor: {
        title: 'Your patients were told that you are late',
        brief: 'Patients were told that you are late',
        lead: ({ minutes }) => `They were told that it is about ${minutes} minutes.`,
      },
    },
    your_turn: {
      patient: {
        title: 'It is your turn',
        brief: 'It is your turn',
        lead: ({ doctor }) => `${doctor} expects you now. Please come in.`,
      },
      doctor: {
        title: 'You have called a patient in',
        brief: 'Patient called in',
        lead: () => 'The patient has been told.',
      },
    },
    follow_up: {
      patient: {
        title: 'Your doctor proposes another visit',
        brief: 'Another visit is proposed after',
        lead: ({ doctor }) =>
          `${doctor} would like to see you again after the visit below. You can choose a time in Daybook.`,
      },
      doctor: {
        title: 'You have proposed another visit',
        brief: 'Another visit proposed',
        lead: () => 'The patient can choose a time.',
      },
    },
  },
  bn: {
    rebook: {
      patient: {
        title: 'অনুগ্রহ করে অন্য একটি সময় বেছে নিন',
        brief: 'ডাক্তার থাকবেন না, অন্য সময় বেছে নিন',
        lead: ({ doctor }) => `আপনার অ্যাপয়েন্টমেন্টের সময় থাকবেন না ${doctor}। অনুগ্রহ করে অন্য সময় বেছে নিন বা বাতিল করুন।`,
      },
      doctor: {
        title: 'একজন রোগীকে অন্য সময় বেছে নিতে বলা হয়েছে',
        brief: 'রোগীকে অন্য সময় নিতে বলা হয়েছে',
        lead: () => 'এই অ্যাপয়েন্টমেন্টের সময় আপনি থাকবেন না।',
      },
    },
    running_late: {
      patient: {
        title: 'আপনার ডাক্তারের দেরি হচ্ছে',
        brief: 'দেরি হচ্ছে, এখন আসার সময়',
        lead: ({ doctor, minutes }) => `প্রায় ${minutes} মিনিট দেরি হচ্ছে ${doctor}-এর। নিচের সময়ে আসুন।`,
      },
      doctor: {
        title: 'আপনার দেরির কথা রোগীদের জানানো হয়েছে',
        brief: 'দেরির কথা রোগীদের জানানো হয়েছে',
        lead: ({ minutes }) => `তাঁদের প্রায় ${minutes} মিনিটের কথা বলা হয়েছে।`,
      },
    },
    your_turn: {
      patient: {
        title: 'এখন আপনার পালা',
        brief: 'এখন আপনার পালা',
        lead: ({ doctor }) => `এখন আপনার অপেক্ষায় আছেন ${doctor}। অনুগ্রহ করে ভেতরে আসুন।`,
      },
      doctor: {
        title: 'আপনি একজন রোগীকে ডেকেছেন',
        brief: 'রোগীকে ডাকা হয়েছে',
        lead: () => 'রোগীকে জানানো হয়েছে।',
      },
    },
    follow_up: {
      patient: {
        title: 'আপনার ডাক্তার আবার দেখা করতে বলেছেন',
        brief: 'আবার দেখা করতে বলা হয়েছে, আগের সময়',
        lead: ({ doctor }) => `নিচের সাক্ষাতের পর আপনাকে আবার দেখতে চান ${doctor}। Daybook-এ একটি সময় বেছে নিতে পারেন।`,
      },
      doctor: {
        title: 'আপনি আবার দেখা করার প্রস্তাব দিয়েছেন',
        brief: 'আবার দেখা করার প্রস্তাব',
        lead: () => 'রোগী একটি সময় বেছে নিতে পারবেন।',
      },
    },
  },
};
