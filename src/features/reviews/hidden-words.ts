import type { Locale } from '../../domain/notifications/preferences.ts';

interface Words {
  readonly subject: string;
  readonly aDoctor: string;
  readonly lines: (doctor: string, reason: string) => readonly string[];
}

const words: Readonly<Record<Locale, Words>> = {
  en: {
    subject: 'Your review was hidden',
    aDoctor: 'a doctor',
    lines: (doctor, reason) => [
      `Your review of ${doctor} was hidden from others. The reason that was given: ${reason}`,
      'It can be changed for 14 days after it was written, and withdrawn at any time.',
    ],
  },
  bn: {
    subject: 'আপনার মতামত লুকানো হয়েছে',
    aDoctor: 'একজন ডাক্তার',
    lines: (doctor, reason) => [
      `আপনার মতামত (ডাক্তার: ${doctor}) অন্যদের কাছ থেকে লুকানো হয়েছে। কারণ হিসেবে বলা হয়েছে: ${reason}`,
      'লেখার পর ১৪ দিন পর্যন্ত এটি বদলানো যায়, আর যেকোনো সময় প্রত্যাহার করা যায়।',
    ],
  },
};

/** What the author of a review reads when it was hidden. The reason stands as the admin wrote it. */
export const hiddenWords = (
  locale: Locale,
  doctorName: string | null,
  reason: string,
): { readonly subject: string; readonly text: string } => {
  const { subject, aDoctor, lines } = words[locale];
  return { subject, text: [...lines(doctorName ?? aDoctor, reason), 'Daybook'].join('\n\n') };
};
