import { clockText } from '../../money-and-time.ts';
import type { Shown } from './read.ts';
import { visitWords } from './words.ts';

/** Why a part of the screen has no form now. */
export const Closed = ({ shown }: { readonly shown: Shown }) => {
  const { visit, appointment, closed } = shown;
  const words = visitWords[visit.reader.locale];
  if (closed === null) return null;
  const at = clockText(appointment.startsAt, appointment.timeZone, visit.reader.locale);
  return <p class="soft">{closed === 'too_early' ? words.opens(at) : words.over}</p>;
};
