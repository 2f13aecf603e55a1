import type { Locale } from '../../domain/notifications/preferences.ts';
import { localDigits } from './digits.ts';

const digits = localDigits('bn-BD');

type Said = readonly [pattern: RegExp, say: (...found: string[]) => string];

/** What the API says with words of programs. */
const english: readonly Said[] = [
  [/^must be below systolic$/, () => 'the lower number must be below the upper one'],
  [/^is missing$/, () => 'please fill this in'],
  [/^must not be to come(.*)$/, (more = '') => `must not be in the future${more}`],
  [/^must name one of email, phone and (name|patientId)$/, () => 'fill in one of the ways to find somebody'],
  [/^must hold at least one measurement$/, () => 'fill in at least one measurement'],
  [/^must be an IANA time zone such as (.*)$/, (example = '') => `choose a time zone, such as ${example}`],
  [/^must be an ISO 4217 code$/, () => 'must be the three letters of a currency, such as BDT'],
  [/^must be an ISO 3166-1 alpha-2 code$/, () => 'must be the two letters of a country, such as BD'],
  [/^(is not a known field|is none of the forms that are allowed|has the wrong type)$/, () => 'is not right'],
];

const bengali: readonly Said[] = [
  [/^must be below systolic$/, () => 'নিচের মাপটি ওপরের মাপের চেয়ে কম হতে হবে'],
  [/^(is missing|must not be empty|is needed.*)$/, () => 'এই ঘরটি পূরণ করুন'],
  [/^must be an e-mail address$/, () => 'সঠিক ই-মেইল ঠিকানা লিখুন'],
  [/^must be a phone number/, () => 'দেশের কোডসহ ফোন নম্বর লিখুন, যেমন +8801712345678'],
  [/^must have at least (\d+) characters?$/, (count = '') => `অন্তত ${digits(Number(count))}টি অক্ষর লিখুন`],
  [/^must have at most (\d+) characters?$/, (count = '') => `সর্বোচ্চ ${digits(Number(count))}টি অক্ষর লেখা যায়`],
  [/^must have at least (\d+) items?$/, (count = '') => `অন্তত ${digits(Number(count))}টি বেছে নিন`],
  [/^must have at most (\d+) items?$/, (count = '') => `সর্বোচ্চ ${digits(Number(count))}টি বেছে নেওয়া যায়`],
  [/^must be at least (-?[\d.]+)$/, (least = '') => `${digits(Number(least))} বা তার বেশি হতে হবে`],
  [/^must be at most (-?[\d.]+)$/, (most = '') => `${digits(Number(most))} বা তার কম হতে হবে`],
  [/^must be a whole number$/, () => 'পূর্ণ সংখ্যা লিখুন'],
  [/^must be a number$/, () => 'সংখ্যা লিখুন'],
  [/^must have an upper-case letter$/, () => 'অন্তত একটি বড় হাতের অক্ষর দিন'],
  [/^must have a digit$/, () => 'অন্তত একটি অঙ্ক দিন'],
  [/^must have a special character$/, () => 'অন্তত একটি বিশেষ চিহ্ন দিন, যেমন - বা !'],
  [/^must not be one of the most common/, () => 'এই পাসওয়ার্ড অনেকেই ব্যবহার করেন, অন্য একটি দিন'],
  [/^must be written like 1400,/, () => '১৪০০, ১,৪০০ বা ১৪০০.৫০ এর মতো লিখুন, মুদ্রায় যত দশমিক ঘর আছে তার বেশি নয়'],
  [/^must be six digits$/, () => 'ছয়টি অঙ্ক লিখুন'],
  [/^must be the eight digits/, () => 'কিউআর কোডের পাশের আটটি অঙ্ক লিখুন'],
  [/^must not be to come/, () => 'ভবিষ্যতের তারিখ হতে পারে না'],
  [/^must lie ahead/, () => 'সামনের একটি সময় দিন, সর্বোচ্চ এক বছরের মধ্যে'],
  [/^must be a date/, () => 'সঠিক তারিখ লিখুন'],
  [/^must be a time as/, () => 'সঠিক সময় লিখুন'],
  [/^must be (after|not be before|end after)/, () => 'শেষ হতে হবে শুরুর পরে'],
  [/^must not be before/, () => 'শেষ হতে হবে শুরুর পরে'],
  [/^must be an address such as (.*)$/, (example = '') => `সঠিক ঠিকানা লিখুন, যেমন ${example}`],
  [/^must be an IANA time zone/, () => 'একটি সময় অঞ্চল বেছে নিন'],
  [/^must have the form of an ICD-10 code/, () => 'আইসিডি-১০ কোড লিখুন, যেমন J45.0'],
  [/^must name one of/, () => 'কাউকে খোঁজার একটি উপায় পূরণ করুন'],
  [/^must hold at least one measurement$/, () => 'অন্তত একটি মাপ লিখুন'],
  [/^must hold a letter or a digit$/, () => 'অন্তত একটি অক্ষর বা অঙ্ক লিখুন'],
  [/^(must not (hold|name)|is there twice)/, () => 'একই জিনিস দুবার দেওয়া যায় না'],
];

const saidBy = (all: readonly Said[], message: string): string | undefined => {
  for (const [pattern, say] of all) {
    const found = pattern.exec(message);
    if (found !== null) return say(...found.slice(1).map((one) => one ?? ''));
  }
  return undefined;
};

/** What is wrong with a field, to stand after its name: the API's words of it, as a person of this language reads them. */
export const faultText = (message: string, locale: Locale): string =>
  locale === 'en'
    ? (saidBy(english, message) ?? message)
    : (saidBy(bengali, message) ?? (/[ঀ-৿]/.test(message) ? message : 'ঘরটি ঠিকমতো পূরণ হয়নি'));

/** The same as a sentence of its own. */
export const faultSentence = (message: string, locale: Locale): string => {
  const said = faultText(message, locale);
  const ended = /[.!?।]$/.test(said) ? said : `${said}${locale === 'en' ? '.' : '।'}`;
  return `${ended.slice(0, 1).toUpperCase()}${ended.slice(1)}`;
};
