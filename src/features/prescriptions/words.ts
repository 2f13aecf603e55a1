import type { Locale } from '../../domain/notifications/preferences.ts';
import type { PrescriptionState } from '../../domain/prescription.ts';

/** What a prescription and the page behind its QR code say, in the language of their reader. */
export interface Words {
  readonly prescription: string;
  readonly patient: string;
  readonly born: string;
  readonly issued: string;
  readonly validUntil: string;
  readonly licence: string;
  readonly medicine: string;
  readonly use: string;
  readonly duration: string;
  readonly overrides: string;
  readonly because: string;
  readonly signed: string;
  readonly scan: string;
  readonly scanHow: string;
  /** Instead of the code, on the paper of who may only read it. */
  readonly copy: string;
  readonly code: string;
  /** At the top of the paper of what is over; of what has run out, `day` is the last one. */
  readonly ended: Readonly<Record<Exclude<PrescriptionState, 'active'>, (day: string) => string>>;
  readonly state: string;
  readonly states: Readonly<Record<PrescriptionState, string>>;
  readonly authentic: string;
  readonly over: string;
  readonly notAuthentic: string;
  readonly unknown: string;
  readonly unknownHow: string;
  readonly doctor: string;
  readonly initials: string;
  readonly medicines: string;
  readonly compare: string;
  readonly dispense: string;
  readonly dispenseHow: string;
  readonly pharmacy: string;
  readonly submit: string;
  readonly wrongCode: string;
  readonly tooMany: string;
  readonly notActive: string;
  readonly invalid: string;
  readonly done: string;
}

export const words: Readonly<Record<Locale, Words>> = {
  en: {
    prescription: 'Prescription',
    patient: 'Patient',
    born: 'Born',
    issued: 'Issued',
    validUntil: 'Valid until',
    licence: 'Licence',
    medicine: 'Medicine',
    use: 'How to take it',
    duration: 'For how long',
    overrides: 'Prescribed in spite of a warning',
    because: 'Reason',
    signed: 'Signed electronically by',
    scan: 'For the pharmacy',
    scanHow: 'Scan to see whether this is authentic and may be dispensed. Enter the code there to dispense it, once.',
    copy: 'A copy to read: nothing is dispensed from it. The code is on the paper of the patient and of the prescribing doctor.',
    code: 'Code',
    ended: {
      dispensed: (day) => `DISPENSED on ${day}`,
      cancelled: (day) => `CANCELLED on ${day}`,
      expired: (day) => `EXPIRED on ${day}`,
    },
    state: 'State',
    states: { active: 'May be dispensed', dispensed: 'Dispensed', cancelled: 'Cancelled', expired: 'Expired' },
    authentic: 'This prescription is authentic',
    over: 'This prescription is authentic, but may not be dispensed',
    notAuthentic: 'This prescription is not authentic',
    unknown: 'This prescription is not known here',
    unknownHow: 'Look whether the address is whole. If it is, the paper is not from here: do not dispense it.',
    doctor: 'Doctor',
    initials: 'Patient’s initials',
    medicines: 'Medicines on it',
    compare: 'Compare this with the paper: doctor, initials, and how many medicines there are.',
    dispense: 'Dispense',
    dispenseHow: 'A prescription is dispensed once. Its code is beside the QR code.',
    pharmacy: 'Name of the pharmacy',
    submit: 'Mark as dispensed',
    wrongCode: 'That is not the code. After five tries it is locked for an hour.',
    tooMany: 'There were too many tries. Come back in an hour.',
    notActive: 'It can no longer be dispensed.',
    invalid: 'Enter the eight digits and the name of the pharmacy.',
    done: 'This prescription is marked as dispensed now',
  },
  bn: {
    prescription: 'ব্যবস্থাপত্র',
    patient: 'রোগী',
    born: 'জন্মতারিখ',
    issued: 'তারিখ',
    validUntil: 'মেয়াদ',
    licence: 'লাইসেন্স নং',
    medicine: 'ওষুধ',
    use: 'সেবনবিধি',
    duration: 'কত দিন',
    overrides: 'সতর্কতা সত্ত্বেও দেওয়া হয়েছে',
    because: 'কারণ',
    signed: 'ইলেকট্রনিক স্বাক্ষর করেছেন',
    scan: 'ফার্মেসির জন্য',
    scanHow: 'এটি আসল কি না এবং ওষুধ দেওয়া যাবে কি না তা দেখতে স্ক্যান করুন। ওষুধ দিতে সেখানে কোডটি লিখুন; একবারই দেওয়া যায়।',
    copy: 'শুধু পড়ার জন্য অনুলিপি: এটি দিয়ে ওষুধ দেওয়া যাবে না। কোডটি রোগীর এবং ব্যবস্থাপত্রদাতা চিকিৎসকের কাগজে আছে।',
    code: 'কোড',
    ended: {
      dispensed: (day) => `ওষুধ দেওয়া হয়েছে: ${day}`,
      cancelled: (day) => `বাতিল করা হয়েছে: ${day}`,
      expired: (day) => `মেয়াদ শেষ হয়েছে: ${day}`,
    },
    state: 'অবস্থা',
    states: { active: 'ওষুধ দেওয়া যাবে', dispensed: 'ওষুধ দেওয়া হয়েছে', cancelled: 'বাতিল', expired: 'মেয়াদ শেষ' },
    authentic: 'এই ব্যবস্থাপত্রটি আসল',
    over: 'এই ব্যবস্থাপত্রটি আসল, কিন্তু ওষুধ দেওয়া যাবে না',
    notAuthentic: 'এই ব্যবস্থাপত্রটি আসল নয়',
    unknown: 'এই ব্যবস্থাপত্রটি এখানে পাওয়া যায়নি',
    unknownHow: 'ঠিকানাটি সম্পূর্ণ কি না দেখুন। সম্পূর্ণ হলে কাগজটি এখানকার নয়: ওষুধ দেবেন না।',
    doctor: 'চিকিৎসক',
    initials: 'রোগীর নামের আদ্যক্ষর',
    medicines: 'ওষুধের সংখ্যা',
    compare: 'কাগজের সঙ্গে মিলিয়ে দেখুন: চিকিৎসক, আদ্যক্ষর ও ওষুধের সংখ্যা।',
    dispense: 'ওষুধ দেওয়া',
    dispenseHow: 'ব্যবস্থাপত্রে একবারই ওষুধ দেওয়া যায়। কোডটি কিউআর কোডের পাশে আছে।',
    pharmacy: 'ফার্মেসির নাম',
    submit: 'ওষুধ দেওয়া হয়েছে',
    wrongCode: 'কোডটি ঠিক নয়। পাঁচবার চেষ্টার পর এক ঘণ্টা বন্ধ থাকবে।',
    tooMany: 'অনেকবার চেষ্টা হয়েছে। এক ঘণ্টা পরে আসুন।',
    notActive: 'এটিতে আর ওষুধ দেওয়া যাবে না।',
    invalid: 'আট অঙ্কের কোড ও ফার্মেসির নাম লিখুন।',
    done: 'ওষুধ দেওয়া হয়েছে বলে লেখা হলো',
  },
};
