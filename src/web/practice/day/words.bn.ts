import { localDigits } from '../../words/digits.ts';
import type { DayWords } from './words.en.ts';

const n = localDigits('bn');

/** The same in Bengali. */
export const bn: DayWords = {
  title: 'আজ',
  dayTitle: (date) => date,
  counts: (left, waiting, inside, done) =>
    `${n(left)} জন আসবেন, ${n(waiting)} জন অপেক্ষায়, ${n(inside)} জন আপনার কাছে, ${n(done)} জনকে দেখা হয়েছে`,
  earlier: 'আগের দিন',
  later: 'পরের দিন',
  today: 'আজ',
  week: 'পুরো সপ্তাহ',
  empty: 'এই দিনে কারও বুকিং নেই।',
  emptyDo: 'আপনার সময়সূচি দেখুন',
  now: 'এখন',
  changed: 'দিনের তালিকা বদলেছে।',
  next: {
    with: 'এখন আপনার কাছে',
    waiting: 'এরপর: আপনার অপেক্ষায়',
    expected: 'এরপর: এখনো আসেননি',
    none: 'আজ আর কেউ আসবেন না।',
    since: (time) => `${time} থেকে এসে আছেন`,
  },
  states: {
    expected: 'আসবেন',
    waiting: 'অপেক্ষায়',
    called_in: 'ভেতরে ডাকা হয়েছে',
    completed: 'দেখা হয়েছে',
    no_show: 'আসেননি',
  },
  timeline: 'সময় অনুযায়ী',
  outside: 'সময়সূচির বাইরে',
  emergency: 'জরুরি',
  nameless: 'একজন রোগী',
  open: 'সাক্ষাৎ খুলুন',
  openOf: (name) => `${name} এর সাক্ষাৎ খুলুন`,
  checkIn: 'এসেছেন',
  checkInOf: (name) => `${name} এসেছেন`,
  callIn: 'ভেতরে ডাকুন',
  callInOf: (name) => `${name} কে ভেতরে ডাকুন`,
  noShow: 'আসেননি',
  noShowOf: (name) => `${name} আসেননি`,
  answer: 'অনুরোধের উত্তর দিন',
  late: {
    title: 'দেরি হচ্ছে',
    label: 'কত মিনিট দেরি',
    hint: 'যাঁদের এখনো ডাকা হয়নি, পাঁচ মিনিট বা তার বেশি হলে তাঁদের জানানো হয়। ০ মানে আবার সময়মতো চলছে।',
    save: 'জানিয়ে দিন',
    is: (minutes) => `আপনি জানিয়েছেন যে ${n(minutes)} মিনিট দেরি হচ্ছে।`,
  },
  noShowPage: {
    title: (name) => `${name} কি আসেননি?`,
    lead: 'সাক্ষাৎটি “আসেননি” হিসেবে শেষ হবে। এটি আর ফেরানো যাবে না।',
    act: 'হ্যাঁ, আসেননি',
  },
  unverified: {
    unverified: 'রোগীরা এখনো আপনাকে খুঁজে পাবেন না: আমরা আপনার লাইসেন্স দেখিনি।',
    submitted: 'আপনার লাইসেন্স যাচাই হচ্ছে। ততক্ষণ রোগীরা আপনাকে খুঁজে পাবেন না।',
    rejected: 'আপনার লাইসেন্স নিশ্চিত করা যায়নি। ঠিক না হওয়া পর্যন্ত রোগীরা আপনাকে খুঁজে পাবেন না।',
    do: 'কী বাকি আছে দেখুন',
  },
};
