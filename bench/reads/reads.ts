import { addDays, utcDate } from '../../src/domain/local-date.ts';
import type { daybook } from '../contenders/daybook.ts';
import type { Bench, Sample } from '../measure.ts';
import type { Pace } from '../plan.ts';
import { accountNamed } from '../server/practice.ts';
import type { RunSecrets } from '../server/secrets.ts';
import { growAppointments, growDoctors, reader } from './grow.ts';

/** One kind of read, at two sizes of the database. */
export interface Read {
  readonly name: string;
  readonly title: string;
  readonly small: Sample;
  readonly large: Sample;
}

/** Measures what must stay flat while the data grows. */
export const measureReads = async (
  contender: Awaited<ReturnType<typeof daybook>>,
  bench: Bench,
  pace: Pace,
  secrets: RunSecrets,
): Promise<Read[]> => {
  const { server } = contender;
  const token = async (id: string, role: 'patient' | 'doctor' | 'admin') => [
    { id, token: await secrets.token(id, role) },
  ];
  const [patient, doctor, admin] = [
    await token(reader.patientId, 'patient'),
    await token(reader.doctorId, 'doctor'),
    await token(accountNamed('reading admin'), 'admin'),
  ];
  const listed = accountNamed('listed doctor 0');
  const today = utcDate(Date.now());
  const bestOf = 'sort=rating&locationId=BD-13&language=bn&minRating=4';
  const kinds = [
    [
      'availability',
      'Availability of 31 days',
      [`/doctors/${listed}/availability?from=${today}&to=${addDays(today, 30)}`],
      patient,
    ],
    ['search-name', 'Search, by name', ['/doctors?limit=20', '/doctors?limit=20&sort=fee'], patient],
    ['search-words', 'Search, two words', ['/doctors?q=rahi%20card', '/doctors?q=kamal%20neuro'], patient],
    [
      'search-soonest',
      'Search, soonest free, of one field',
      ['/doctors?sort=soonest&specialization=Cardiology'],
      patient,
    ],
    ['search-near', 'Search, nearest', ['/doctors?near=23.75,90.38&sort=distance'], patient],
    ['search-rating', 'Search, best rated, of a place and language', [`/doctors?${bestOf}`], patient],
    ['search-forgiving', 'Search, misspelt', ['/doctors?q=rahmia%20cardiolgy'], patient],
    ['list-patient', 'A patient’s appointments', ['/appointments?limit=20'], patient],
    [
      'list-doctor',
      'A doctor’s appointments of a week',
      [`/appointments?limit=20&from=${addDays(today, -365)}&to=${addDays(today, -358)}`],
      doctor,
    ],
    ['list-admin', 'All appointments, first page', ['/appointments?limit=20'], admin],
  ] as const;
  const at = async (size: 0 | 1): Promise<Sample[]> => {
    await growDoctors(server, size === 0 ? 0 : pace.doctors[0], pace.doctors[size]);
    await growAppointments(server, size === 0 ? 0 : pace.appointments[0], pace.appointments[size]);
    const samples: Sample[] = [];
    for (const [, , paths, readers] of kinds) {
      samples.push(
        await bench.read(
          contender,
          paths.map((path) => `/api/v1${path}`),
          readers,
        ),
      );
    }
    return samples;
  };
  const [small, large] = [await at(0), await at(1)];
  return kinds.map(([name, title], i) => ({ name, title, small: small[i] as Sample, large: large[i] as Sample }));
};
