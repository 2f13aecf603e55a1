import ICAL from 'ical.js';

/** A property as jCal writes it (RFC 7265): name, parameters, type, value. */
export type Property = readonly [
  name: string,
  parameters: Readonly<Record<string, string>>,
  type: string,
  value: string | number | Readonly<Record<string, unknown>>,
];

/** A component as jCal writes it: name, properties, components within. */
export type Component = readonly [name: string, properties: readonly Property[], components: readonly Component[]];

// The library counts the blank that begins a continued line as none of its 75 octets (RFC 5545 section 3.1).
ICAL.foldLength = 74;

const { icalendar } = ICAL.design;

/** What the library does not know the types of: RFC 7986, and its forerunners that programs still look for. */
const design = {
  ...icalendar,
  property: {
    ...icalendar.property,
    name: { defaultType: 'text' },
    color: { defaultType: 'text' },
    'x-wr-calname': { defaultType: 'text' },
    'x-wr-timezone': { defaultType: 'text' },
    'x-published-ttl': { defaultType: 'duration' },
  },
};

/** More than a name or an address has; longer ones are cut, between characters. */
const maxText = 1_000;

/**
 * A text property. What the format cannot carry goes: control characters other than line breaks, halves of characters.
 * So do overrides of direction, by which a name could show the words around it in another order. The library escapes
 * the rest (RFC 5545 section 3.3.11).
 */
export const text = (name: string, value: string): Property => [name, {}, 'text', plainText(value)];

/**
 * A text as a calendar can carry it: line breaks as LF, at most 1,000 characters. A backslash becomes a slash: the format
 * could carry it, but common readers take an escaped backslash before an `n` for a line break.
 */
const plainText = (value: string): string => {
  const clean = value
    .toWellFormed()
    .replaceAll('\\', '/')
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: taking control characters out is the point.
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
  const characters = [...clean];
  return characters.length > maxText ? characters.slice(0, maxText).join('') : clean;
};

/**
 * A text as a parameter's value, such as the name with an address: on one line, without double quotes and carets. RFC
 * 6868 could encode them, but half of the programs would show the code.
 */
export const parameterText = (value: string): string =>
  plainText(value).replaceAll(/\s+/g, ' ').replaceAll('"', "'").replaceAll('^', '').trim();

/** An instant (ms) as a UTC time, `2026-12-01T09:00:00Z`, to the second. */
export const utcTime = (name: string, ms: number): Property => [
  name,
  {},
  'date-time',
  `${new Date(ms).toISOString().slice(0, 19)}Z`,
];

/** The iCalendar text of a component (RFC 5545), with lines folded at 75 octets and CRLF at every end. */
export const toCalendarText = (component: Component): string =>
  `${ICAL.stringify.component(component as unknown as unknown[], design)}\r\n`;
