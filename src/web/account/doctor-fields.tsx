import type { Problem } from '../api.ts';
import { Check, Field, Group, Select } from '../components/field.tsx';
import type { Form } from '../form.ts';
import { languageText } from '../money-and-time.ts';
import { minorOf } from '../typed-money.ts';
import type { Visit } from '../visit.tsx';
import { timeZones, zoneToday } from '../zones.ts';
import type { AccountWords } from './words.en.ts';

/** Offered to tick; others are said later, in the profile. */
const languages = ['bn', 'en', 'hi', 'ur', 'ar'];

/** What a doctor says besides to open an account. */
export const DoctorFields = ({
  visit,
  words,
  names,
  problem,
}: {
  readonly visit: Visit;
  readonly words: AccountWords['register'];
  /** Of the specialities that there are. */
  readonly names: readonly { readonly name: string }[];
  readonly problem: Problem | null;
}) => {
  const { form, reader } = visit;
  return (
    <>
      <Field
        {...{ name: 'licenseNumber', path: 'doctor.licenseNumber', required: true, maxlength: 40, problem }}
        label={words.licence}
        value={form.given('licenseNumber')}
      />
      <Select
        {...{ name: 'specialization', path: 'doctor.specialization', required: true, problem }}
        label={words.specialization}
        value={form.given('specialization')}
        options={[['', words.choose], ...names.map(({ name }) => [name, name] as const)]}
      />
      <Select
        {...{ name: 'timeZone', path: 'doctor.timeZone', required: true, problem }}
        label={words.timeZone}
        value={zoneToday(form.given('timeZone') ?? reader.timeZone ?? 'Asia/Dhaka')}
        options={timeZones()}
      />
      <Field
        {...{ name: 'experienceYears', path: 'doctor.experienceYears', type: 'number', min: 0, max: 60, problem }}
        label={words.experience}
        value={form.given('experienceYears') ?? '0'}
      />
      <Field
        {...{ name: 'fee', path: 'doctor.consultationFee.amount', type: 'number', min: 0, step: '0.01', problem }}
        label={words.fee}
        value={form.given('fee')}
      />
      <Field
        {...{ name: 'currency', path: 'doctor.consultationFee.currency', maxlength: 3, problem }}
        label={words.currency}
        hint={words.currencyHint}
        value={form.given('currency') ?? 'BDT'}
      />
      <Group legend={words.languages}>
        {languages.map((tag) => (
          <Check
            name="languages"
            value={tag}
            label={languageText(tag, reader.locale)}
            checked={form.all('languages').includes(tag)}
          />
        ))}
      </Group>
    </>
  );
};

/** What the fields say, as the API takes it. */
export const doctorOf = (form: Form) => {
  const currency = form.text('currency').toUpperCase();
  return {
    licenseNumber: form.text('licenseNumber'),
    specialization: form.text('specialization'),
    timeZone: form.text('timeZone'),
    experienceYears: Number(form.text('experienceYears')),
    // Who says no fee takes none.
    consultationFee: { amount: minorOf(form.text('fee') || '0', currency), currency },
    languages: form.all('languages'),
  };
};
