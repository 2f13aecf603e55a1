import { Group } from '../../components/field.tsx';
import type { Form } from '../../form.ts';
import type { Visit } from '../../visit.tsx';
import { officeWords } from '../words/words.ts';

/** When a clinic is open: ISO weekdays (1 is Monday) and local times. */
type Hours = readonly { readonly weekday: number; readonly from: string; readonly to: string }[];

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const spans = 3;

/** 2026-11-23 is a Monday. */
const nameOf = (weekday: number, locale: string): string =>
  new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'bn-BD', { weekday: 'long', timeZone: 'UTC' }).format(
    Date.UTC(2026, 10, 22 + weekday),
  );

/** The opening hours of a week, with room for a break or two each day. A closing time of 24:00 is midnight. */
export const HoursFields = ({ visit, hours }: { readonly visit: Visit; readonly hours: Hours | null }) => {
  const words = officeWords[visit.reader.locale].clinics.form;
  const { form } = visit;
  return (
    <Group legend={words.hours}>
      <p class="hint">{words.hoursHint}</p>
      {weekdays.map((weekday) => {
        const name = nameOf(weekday, visit.reader.locale);
        const open = (hours ?? []).filter((one) => one.weekday === weekday);
        return (
          <div class="hours">
            <span>{name}</span>
            {Array.from({ length: spans }, (_, i) => (
              <span class="span">
                {(['from', 'to'] as const).map((end) => (
                  <input
                    type="text"
                    inputmode="numeric"
                    maxlength={5}
                    placeholder={end === 'from' ? '--:--' : '--:--'}
                    name={`${end}-${weekday}-${i}`}
                    aria-label={`${name} ${i + 1}, ${words[end]}`}
                    value={form.given(`${end}-${weekday}-${i}`) ?? open[i]?.[end] ?? ''}
                  />
                ))}
              </span>
            ))}
          </div>
        );
      })}
    </Group>
  );
};

/** `9` and `9:30` as `09:00` and `09:30`; the rest as it is, for the API to refuse. */
const timeIn = (text: string): string => {
  const [, hours = '', minutes = '00'] = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(text) ?? [];
  return hours === '' ? text : `${hours.padStart(2, '0')}:${minutes}`;
};

/** The hours that a form sent; `null` when it is never open, which says nothing. */
export const hoursIn = (form: Form): Hours | null => {
  const found = weekdays.flatMap((weekday) =>
    Array.from({ length: spans }, (_, i) => ({
      weekday,
      from: timeIn(form.text(`from-${weekday}-${i}`)),
      to: timeIn(form.text(`to-${weekday}-${i}`)),
    })),
  );
  const given = found.filter(({ from, to }) => from !== '' || to !== '');
  return given.length === 0 ? null : given;
};
