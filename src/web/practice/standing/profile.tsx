import { asked, type Problem, wanted } from '../../api.ts';
import { Check, Field, Group, Select, TextArea } from '../../components/field.tsx';
import { Form, ProblemSummary } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Heading } from '../../components/parts.tsx';
import { typedOf } from '../../typed-money.ts';
import type { Visit } from '../../visit.tsx';
import { timeZones, zoneToday } from '../../zones.ts';
import { ownId } from '../own.ts';
import { Licence } from './licence.tsx';
import { type DoctorProfile, editIn } from './profile-edit.ts';
import { standingWords } from './words.ts';

/** What was refused on the page, and of which of its forms. */
export interface Refused {
  readonly of: 'profile' | 'licence';
  readonly problem: Problem;
}

/** A doctor's profile as patients see it, to change; and the licence, with how far its verification has come. */
export const profilePage = async (visit: Visit, refused: Refused | null = null): Promise<Response> => {
  const { reader, api } = visit;
  const words = standingWords[reader.locale].profile;
  const param = { id: ownId(visit) };
  const [doctor, verification, specializations, clinics] = await Promise.all([
    wanted(api.doctors[':id'].$get({ param })),
    wanted(api.doctors[':id'].verification.$get({ param })),
    wanted(api.specializations.$get({ query: {} as never })),
    wanted(api.clinics.$get({ query: { limit: '100' } as never })),
  ]);
  const names = specializations.items.map(({ name }) => name);
  return visit.show(
    {
      title: `${refused === null ? '' : visit.words.errorPrefix}${words.title}`,
      at: 'schedule',
      status: refused?.problem.status,
    },
    <>
      <Heading title={words.title} lead={words.lead}>
        {doctor.verified ? (
          <a class="button plain" href={`/doctors/${doctor.id}`}>
            <Icon name="people" /> {words.public}
          </a>
        ) : null}
      </Heading>
      {verification.state === 'verified' ? null : <Licence visit={visit} of={verification} refused={refused} />}
      <Editor
        visit={visit}
        doctor={doctor}
        specializations={names.includes(doctor.specialization) ? names : [doctor.specialization, ...names]}
        clinics={clinics.items}
        problem={refused?.of === 'profile' ? refused.problem : null}
      />
      {verification.state === 'verified' ? <Licence visit={visit} of={verification} refused={refused} /> : null}
    </>,
  );
};

const Editor = ({
  visit,
  doctor,
  specializations,
  clinics,
  problem,
}: {
  readonly visit: Visit;
  readonly doctor: DoctorProfile;
  readonly specializations: readonly string[];
  readonly clinics: readonly { readonly id: string; readonly name: string; readonly city: string }[];
  readonly problem: Problem | null;
}) => {
  const { form, reader } = visit;
  const words = standingWords[reader.locale].profile;
  const { currency } = doctor.consultationFee;
  const said = (name: string, present: string): string => (problem === null ? present : form.text(name));
  const isOwnVideoFee = doctor.videoFee.amount !== doctor.consultationFee.amount;
  const chosen = problem === null ? doctor.clinics.map(({ id }) => id) : form.all('clinicIds[]');
  const pays = problem === null ? doctor.paymentRequired : form.has('paymentRequired');
  const money = { inputmode: 'decimal', type: 'number', min: 0, step: 'any', problem } as const;
  return (
    <Form visit={visit} action="/practice/profile" label={words.title}>
      <ProblemSummary visit={visit} problem={problem} />
      <TextArea
        {...{ name: 'bio', rows: 5, maxlength: 4_000, problem, value: said('bio', doctor.bio) }}
        label={words.bio}
      />
      <div class="pairs">
        <Select
          {...{ name: 'specialization', problem, value: said('specialization', doctor.specialization) }}
          label={words.specialization}
          options={specializations.map((name) => [name, name] as const)}
        />
        <Field
          {...{ name: 'experienceYears', type: 'number', min: 0, max: 60, required: true, problem }}
          label={words.experience}
          value={said('experienceYears', String(doctor.experienceYears))}
        />
        <Select
          {...{ name: 'gender', problem, value: said('gender', doctor.gender) }}
          label={words.gender}
          options={Object.entries(words.genders)}
        />
        <Field
          {...{ name: 'languages', problem, value: said('languages', doctor.languages.join(', ')) }}
          label={words.languages}
          hint={words.languagesHint}
        />
        <Select
          {...{ name: 'timeZone', required: true, problem, value: zoneToday(said('timeZone', doctor.timeZone)) }}
          label={words.zone}
          options={timeZones()}
        />
      </div>
      <div class="pairs">
        <Field
          {...{ ...money, name: 'fee', path: 'consultationFee.amount', required: true }}
          label={words.fee}
          value={said('fee', typedOf(doctor.consultationFee))}
        />
        <Field
          {...{ ...money, name: 'videoFee', path: 'videoFeeAmount' }}
          label={words.videoFee}
          hint={words.videoFeeHint}
          value={said('videoFee', isOwnVideoFee ? typedOf(doctor.videoFee) : '')}
        />
        <Field
          {...{ name: 'currency', required: true, maxlength: 3, path: 'consultationFee.currency', problem }}
          label={words.currency}
          value={said('currency', currency)}
        />
      </div>
      <Check name="paymentRequired" label={words.payment} checked={pays} />
      <Group legend={words.clinics}>
        {clinics.map(({ id, name, city }) => (
          <Check name="clinicIds[]" value={id} label={`${name}, ${city}`} checked={chosen.includes(id)} />
        ))}
      </Group>
      <button type="submit">{words.save}</button>
    </Form>
  );
};

/** Changes the profile. */
export const saveProfile = async (visit: Visit): Promise<Response> => {
  const param = { id: ownId(visit) };
  const saved = await asked(visit.api.doctors[':id'].$put({ param, json: editIn(visit.form) }, visit.once));
  return visit.done(saved, '/practice/profile', 'saved', (problem) => profilePage(visit, { of: 'profile', problem }));
};
