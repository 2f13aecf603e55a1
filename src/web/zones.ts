/** Zones that the runtime lists by a name that their own people have left behind (IANA `backward`). */
const renamed: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
};

/** The name that a zone goes by today: `Asia/Kolkata` of `Asia/Calcutta`. */
export const zoneToday = (zone: string): string => renamed[zone] ?? zone;

/** Every time zone there is, to choose from, by the name of today: its IANA name, and that name to read. */
export const timeZones = (): readonly (readonly [string, string])[] => {
  const all = new Set(['UTC', ...Intl.supportedValuesOf('timeZone').map(zoneToday)]);
  return [...all].sort().map((zone) => [zone, zone.replaceAll('_', ' ')]);
};
