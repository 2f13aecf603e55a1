import type { Problem } from '../../api.ts';
import { Field, Select } from '../../components/field.tsx';
import type { Visit } from '../../visit.tsx';
import type { Row } from './rows.ts';
import { hoursWords } from './words.ts';

export type Clinics = readonly { readonly id: string; readonly name: string }[];

/** What hours offer: of a rule or of one date. Fields of several rows have the same names, and ids of their own. */
export const HoursFields = ({
  visit,
  row,
  i,
  at,
  clinics,
  problem,
}: {
  readonly visit: Visit;
  readonly row: Row;
  readonly i: number;
  /** The path of the row in the API's problem. */
  readonly at: string;
  readonly clinics: Clinics;
  readonly problem: Problem | null;
}) => {
  const words = hoursWords[visit.reader.locale];
  const of = (name: keyof Row) => ({
    name: `${name}[]`,
    id: `${name}-${i}`,
    path: `${at}.${name}`,
    problem,
    value: row[name],
  });
  const number = { type: 'number', inputmode: 'numeric' } as const;
  return (
    <>
      <div class="pairs">
        <Field {...of('start')} type="time" label={words.start} required />
        <Field {...of('end')} type="time" label={words.end} required />
        <Field {...of('slotMinutes')} {...number} min={5} max={480} label={words.slotMinutes} required />
        <Select
          {...of('mode')}
          label={words.mode}
          options={Object.entries(visit.words.modes).map(([mode, text]) => [mode, text] as const)}
        />
        <Select
          {...of('clinicId')}
          label={words.clinicId}
          options={[['', words.nowhere], ...clinics.map(({ id, name }) => [id, name] as const)]}
        />
      </div>
      <p class="hint">{words.endHint}</p>
      <details>
        <summary>{words.more}</summary>
        <div class="pairs">
          <Field {...of('bufferMinutes')} {...number} min={0} max={240} label={words.bufferMinutes} />
          <Field {...of('capacity')} {...number} min={1} max={100} label={words.capacity} />
          <Field {...of('emergencySeats')} {...number} min={0} max={5} label={words.emergencySeats} />
          <Field {...of('requires')} label={words.requires} hint={words.requiresHint} />
          {at.startsWith('rules') ? (
            <>
              <Field {...of('effectiveFrom')} type="date" label={words.effectiveFrom} />
              <Field {...of('effectiveUntil')} type="date" label={words.effectiveUntil} />
            </>
          ) : null}
        </div>
      </details>
    </>
  );
};
