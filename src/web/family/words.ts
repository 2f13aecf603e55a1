import type { Locale } from '../../domain/notifications/preferences.ts';

const en = {
  title: 'Family',
  lead: 'Children and others for whom you book and keep the records. They need no sign-in of their own.',
  none: 'Nobody yet. Add a child or a parent, and book visits for them.',
  add: 'Add somebody',
  addTitle: 'Add somebody to your family',
  fullName: 'Full name',
  birthDate: 'Date of birth',
  born: 'Born',
  book: 'Book a visit',
  bookFor: (name: string) => `Book a visit for ${name}`,
  open: 'Records',
  openOf: (name: string) => `Records of ${name}`,
  details: 'Personal details',
  detailsOf: (name: string) => `Personal details of ${name}`,
  looks: 'Who looked',
  looksAt: (name: string) => `Who looked at the record of ${name}`,
  edit: 'Name and birth date',
  editOf: (name: string) => `Name and birth date of ${name}`,
  find: 'Find a doctor',
  end: 'Act for them no more',
  endTitle: (name: string) => `Act for ${name} no more?`,
  endLead: 'You will not see their records or book for them any more. Nothing of their record is erased.',
  endHint: 'Appointments to come have to be cancelled first.',
  erase: 'Erase everything about them',
};

export type FamilyWords = typeof en;

const bn: FamilyWords = {
  title: 'পরিবার',
  lead: 'শিশু ও অন্যরা, যাঁদের হয়ে আপনি অ্যাপয়েন্টমেন্ট নেন ও রেকর্ড রাখেন। তাঁদের নিজেদের সাইন ইন লাগে না।',
  none: 'এখনো কেউ নেই। সন্তান বা মা-বাবাকে যোগ করুন, তাঁদের জন্য অ্যাপয়েন্টমেন্ট নিন।',
  add: 'কাউকে যোগ করুন',
  addTitle: 'পরিবারে কাউকে যোগ করুন',
  fullName: 'পুরো নাম',
  birthDate: 'জন্ম তারিখ',
  born: 'জন্ম',
  book: 'সাক্ষাৎ বুক করুন',
  bookFor: (name) => `${name}-এর জন্য সাক্ষাৎ বুক করুন`,
  open: 'রেকর্ড',
  openOf: (name) => `${name}-এর রেকর্ড`,
  details: 'ব্যক্তিগত তথ্য',
  detailsOf: (name) => `${name}-এর ব্যক্তিগত তথ্য`,
  looks: 'কে দেখেছেন',
  looksAt: (name) => `${name}-এর রেকর্ড কে দেখেছেন`,
  edit: 'নাম ও জন্ম তারিখ',
  editOf: (name) => `${name}-এর নাম ও জন্ম তারিখ`,
  find: 'ডাক্তার খুঁজুন',
  end: 'তাঁর হয়ে আর কাজ করব না',
  endTitle: (name) => `${name}-এর হয়ে আর কাজ করবেন না?`,
  endLead: 'আপনি আর তাঁর রেকর্ড দেখতে বা তাঁর জন্য অ্যাপয়েন্টমেন্ট নিতে পারবেন না। তাঁর রেকর্ডের কিছুই মুছবে না।',
  endHint: 'সামনের অ্যাপয়েন্টমেন্ট থাকলে আগে বাতিল করতে হবে।',
  erase: 'তাঁর সম্পর্কে সবকিছু মুছে ফেলুন',
};

/** The sentences of the pages about family, by language. */
export const familyWords: Readonly<Record<Locale, FamilyWords>> = { en, bn };
