import { localDigits } from '../../words/digits.ts';
import type { WeekWords } from './words.en.ts';

const n = localDigits('bn');

/** The same in Bengali. */
export const bn: WeekWords = {
  title: 'সপ্তাহ',
  range: (from, to) => `${from} থেকে ${to}`,
  earlier: 'সাত দিন আগে',
  later: 'সাত দিন পরে',
  now: 'আজ থেকে',
  how: 'সরাতে হলে সাক্ষাৎটি টেনে খালি সময়ে নিন, অথবা “সরান” বেছে নিন। বদলানোর আগে আপনাকে জিজ্ঞেস করা হবে।',
  changed: 'সপ্তাহের তালিকা বদলেছে।',
  free: (time) => `${time} খালি`,
  seats: (count) => (count === 1 ? '' : `${n(count)}টি জায়গা`),
  nothing: 'এই দিনে কিছু নেই',
  away: 'ছুটি',
  awayPart: (start, end) => `${start} থেকে ${end} পর্যন্ত ছুটি`,
  move: 'সরান',
  moveOf: (name, time) => `${name}, ${time}, সরান`,
  nameless: 'একজন রোগী',
  outside: 'সময়সূচির বাইরে',
  movePage: {
    title: (name) => `${name} এর সাক্ষাৎ সরান`,
    now: (time) => `এখন সময় ${time}। নতুন সময় রোগীকে জানানো হবে।`,
    choose: 'একটি খালি সময় বেছে নিন',
    none: 'এই দিনগুলোতে কিছু খালি নেই। অন্য দিন দেখুন।',
    save: 'সেখানে সরান',
    sure: (time) => `${time} এ সরাবেন?`,
    others: 'অন্য সময়',
  },
  requests: {
    title: 'অনুরোধ',
    lead: 'যে রোগীরা সময় চেয়েছেন। আপনি উত্তর দেওয়া বা মেয়াদ শেষ হওয়া পর্যন্ত সময়টি তাঁদের জন্য রাখা থাকে।',
    empty: 'কেউ উত্তরের অপেক্ষায় নেই।',
    emptyDo: 'আপনার সপ্তাহ দেখুন',
    until: (time) => `${time} পর্যন্ত রাখা`,
    accept: 'গ্রহণ করুন',
    acceptOf: (name) => `${name} এর অনুরোধ গ্রহণ করুন`,
    decline: 'প্রত্যাখ্যান করুন',
    declineOf: (name) => `${name} এর অনুরোধ প্রত্যাখ্যান করুন`,
    declinePage: {
      title: (name) => `${name} এর অনুরোধ প্রত্যাখ্যান করবেন?`,
      lead: 'রোগী আপনার কারণটি পড়বেন, এবং যা দেওয়া হয়েছে তা ফেরত যাবে।',
      reason: 'কারণ, রোগীর জন্য',
      act: 'অনুরোধ প্রত্যাখ্যান করুন',
    },
  },
};
