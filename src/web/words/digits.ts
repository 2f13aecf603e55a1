/** Writes whole numbers in the digits of a language (BCP 47). */
export const localDigits = (language: string): ((n: number) => string) => {
  const format = new Intl.NumberFormat(language, { useGrouping: false });
  return (n) => format.format(n);
};

/** A text such as a time of day, `09:00`, with its digits as a language (BCP 47) writes them. */
export const inLocalDigits = (text: string, language: string): string => {
  const digit = localDigits(language);
  return text.replaceAll(/\d/g, (one) => digit(Number(one)));
};
