// Who and what the demonstration is about. All of them are invented.

/** For this machine only: `npm start` prints it, and a deployment never has these accounts. */
const password = 'Daybook-Demo-1';

/** The accounts to sign in with. The doctor is the first of `doctors`. */
export const credentials = {
  patient: { role: 'patient', email: 'patient@daybook.example', fullName: 'Nadia Islam', password },
  doctor: { role: 'doctor', email: 'rahima.khatun@daybook.example', fullName: 'Dr Rahima Khatun', password },
  admin: { role: 'admin', email: 'admin@daybook.example', fullName: 'Demo Admin', password },
} as const;

/** Further patients, so that a clinic has more than one. */
export const otherPatients = [
  { email: 'tomas.lindqvist@daybook.example', fullName: 'Tomas Lindqvist', password },
  { email: 'aisha.bello@daybook.example', fullName: 'Aisha Bello', password },
] as const;

/** The same spans on each of some days. */
const open = (weekdays: readonly number[], ...spans: readonly (readonly [from: string, to: string])[]) =>
  weekdays.flatMap((weekday) => spans.map(([from, to]) => ({ weekday, from, to })));

export const clinics = {
  dhaka: {
    name: 'Dhanmondi Medical Centre',
    address: 'House 12, Road 5, Dhanmondi',
    city: 'Dhaka',
    country: 'BD',
    timeZone: 'Asia/Dhaka',
    email: 'desk@dhanmondi.example',
    locationId: 'BD-13',
    position: { latitude: 23.7465, longitude: 90.3763 },
    phone: '+8801712345678',
    openingHours: open([6, 7, 1, 2, 3, 4], ['08:00', '13:00'], ['16:00', '21:30']).concat(
      open([5], ['08:00', '13:00']),
    ),
  },
  kolkata: {
    name: 'Salt Lake Clinic',
    address: 'CK 41, Sector II, Salt Lake',
    city: 'Kolkata',
    country: 'IN',
    timeZone: 'Asia/Kolkata',
    email: 'desk@saltlake.example',
    locationId: null,
    position: { latitude: 22.5867, longitude: 88.4171 },
    phone: '+913322345678',
    openingHours: open([1, 2, 3, 4, 5, 6], ['09:00', '19:30']),
  },
  london: {
    name: 'Marylebone Practice',
    address: '28 Weymouth Street',
    city: 'London',
    country: 'GB',
    timeZone: 'Europe/London',
    locationId: null,
    position: { latitude: 51.5202, longitude: -0.1486 },
    phone: '+442079460123',
    openingHours: open([1, 2, 3, 4, 5], ['08:00', '18:30']),
  },
} as const;

const fees = { dhaka: 'BDT', kolkata: 'INR', london: 'GBP' } as const;

interface Hours {
  /** ISO weekdays, 1 is Monday. */
  readonly weekdays: readonly number[];
  readonly start: string;
  readonly end: string;
  readonly slotMinutes: number;
  readonly bufferMinutes?: number;
  readonly capacity?: number;
  readonly mode?: 'in_person' | 'video';
}

interface DemoDoctor {
  readonly email: string;
  readonly fullName: string;
  readonly clinic: keyof typeof clinics;
  readonly licenseNumber: string;
  readonly specialization: string;
  readonly experienceYears: number;
  readonly feeMinor: number;
  readonly bio: string;
  readonly gender: 'female' | 'male';
  /** BCP 47 primary tags, the best first. */
  readonly languages: readonly string[];
  readonly approvalRequired?: true;
  readonly hours: readonly Hours[];
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const sundayToThursday = [7, 1, 2, 3, 4];
const mondayToFriday = [1, 2, 3, 4, 5];
const mondayToSaturday = [1, 2, 3, 4, 5, 6];

export const doctors: readonly DemoDoctor[] = [
  {
    email: credentials.doctor.email,
    fullName: credentials.doctor.fullName,
    clinic: 'dhaka',
    licenseNumber: 'BMDC-A-41207',
    specialization: 'Cardiology',
    experienceYears: 18,
    feeMinor: 150_000,
    bio: 'Heart failure, high blood pressure, and the questions people bring after an ECG.',
    gender: 'female',
    languages: ['bn', 'en'],
    hours: [
      { weekdays: everyDay, start: '09:00', end: '13:00', slotMinutes: 20 },
      { weekdays: sundayToThursday, start: '18:00', end: '20:00', slotMinutes: 20, mode: 'video' },
    ],
  },
  {
    email: 'imran.hossain@daybook.example',
    fullName: 'Dr Imran Hossain',
    clinic: 'dhaka',
    licenseNumber: 'BMDC-A-52331',
    specialization: 'General practice',
    experienceYears: 9,
    feeMinor: 80_000,
    bio: 'Family doctor. Walk-in mornings: two patients share each slot and are seen in turn.',
    gender: 'male',
    languages: ['bn', 'en'],
    hours: [{ weekdays: sundayToThursday, start: '08:30', end: '12:30', slotMinutes: 30, capacity: 2 }],
  },
  {
    email: 'farzana.akter@daybook.example',
    fullName: 'Dr Farzana Akter',
    clinic: 'dhaka',
    licenseNumber: 'BMDC-A-60118',
    specialization: 'Dermatology',
    experienceYears: 6,
    feeMinor: 120_000,
    bio: 'Skin, hair and nails; follow-up by video where that is enough.',
    gender: 'female',
    languages: ['bn', 'en', 'hi'],
    approvalRequired: true,
    hours: [
      { weekdays: [6, 7, 1], start: '16:00', end: '20:00', slotMinutes: 15, bufferMinutes: 5 },
      { weekdays: [2, 3], start: '19:00', end: '21:00', slotMinutes: 15, mode: 'video' },
    ],
  },
  {
    email: 'mahbub.alam@daybook.example',
    fullName: 'Dr Mahbub Alam',
    clinic: 'dhaka',
    licenseNumber: 'BMDC-A-38840',
    specialization: 'Psychiatry',
    experienceYears: 22,
    feeMinor: 200_000,
    bio: 'Late video sessions for people who work by day; some go past midnight.',
    gender: 'male',
    languages: ['bn', 'en'],
    hours: [{ weekdays: [7, 2, 4], start: '22:00', end: '01:00', slotMinutes: 45, bufferMinutes: 15, mode: 'video' }],
  },
  {
    email: 'ananya.sen@daybook.example',
    fullName: 'Dr Ananya Sen',
    clinic: 'kolkata',
    licenseNumber: 'WBMC-71425',
    specialization: 'Paediatrics',
    experienceYears: 14,
    feeMinor: 90_000,
    bio: 'Children from birth to sixteen, vaccinations on Saturdays.',
    gender: 'female',
    languages: ['bn', 'hi', 'en'],
    hours: [{ weekdays: mondayToSaturday, start: '10:00', end: '14:00', slotMinutes: 15 }],
  },
  {
    email: 'rohan.mukherjee@daybook.example',
    fullName: 'Dr Rohan Mukherjee',
    clinic: 'kolkata',
    licenseNumber: 'WBMC-65072',
    specialization: 'Orthopaedics',
    experienceYears: 17,
    feeMinor: 110_000,
    bio: 'Knees, shoulders, and getting back to sport.',
    gender: 'male',
    languages: ['bn', 'en'],
    hours: [{ weekdays: mondayToFriday, start: '11:00', end: '15:30', slotMinutes: 30, bufferMinutes: 10 }],
  },
  {
    email: 'priya.nair@daybook.example',
    fullName: 'Dr Priya Nair',
    clinic: 'kolkata',
    licenseNumber: 'WBMC-80936',
    specialization: 'Dermatology',
    experienceYears: 5,
    feeMinor: 70_000,
    bio: 'Acne, eczema and allergies, in English, Hindi and Malayalam.',
    gender: 'female',
    languages: ['en', 'hi', 'ml'],
    hours: [{ weekdays: mondayToSaturday, start: '15:00', end: '19:00', slotMinutes: 20 }],
  },
  {
    email: 'sourav.das@daybook.example',
    fullName: 'Dr Sourav Das',
    clinic: 'kolkata',
    licenseNumber: 'WBMC-58210',
    specialization: 'Cardiology',
    experienceYears: 25,
    feeMinor: 180_000,
    bio: 'Second opinions before heart surgery.',
    gender: 'male',
    languages: ['bn', 'en'],
    approvalRequired: true,
    hours: [{ weekdays: [2, 4], start: '09:30', end: '12:30', slotMinutes: 45 }],
  },
  {
    email: 'eleanor.hughes@daybook.example',
    fullName: 'Dr Eleanor Hughes',
    clinic: 'london',
    licenseNumber: 'GMC-6124417',
    specialization: 'General practice',
    experienceYears: 11,
    feeMinor: 9_500,
    bio: 'Same-day appointments for whatever cannot wait.',
    gender: 'female',
    languages: ['en', 'fr'],
    hours: [{ weekdays: mondayToFriday, start: '08:00', end: '12:00', slotMinutes: 15 }],
  },
  {
    email: 'kwame.mensah@daybook.example',
    fullName: 'Dr Kwame Mensah',
    clinic: 'london',
    licenseNumber: 'GMC-7031882',
    specialization: 'Paediatrics',
    experienceYears: 8,
    feeMinor: 14_000,
    bio: 'Sleep, growth, and parents’ worries.',
    gender: 'male',
    languages: ['en', 'fr'],
    hours: [
      { weekdays: [1, 3, 5], start: '13:00', end: '17:00', slotMinutes: 30 },
      { weekdays: [2], start: '17:00', end: '19:00', slotMinutes: 30, mode: 'video' },
    ],
  },
  {
    email: 'zofia.nowak@daybook.example',
    fullName: 'Dr Zofia Nowak',
    clinic: 'london',
    licenseNumber: 'GMC-5598103',
    specialization: 'Psychiatry',
    experienceYears: 20,
    feeMinor: 22_000,
    bio: 'Anxiety and depression in adults. Also a group for eight on Wednesdays.',
    gender: 'female',
    languages: ['en', 'pl'],
    hours: [
      { weekdays: [1, 2, 4], start: '09:00', end: '16:00', slotMinutes: 50, bufferMinutes: 10 },
      { weekdays: [3], start: '18:00', end: '19:30', slotMinutes: 90, capacity: 8 },
    ],
  },
  {
    email: 'james.okafor@daybook.example',
    fullName: 'Dr James Okafor',
    clinic: 'london',
    licenseNumber: 'GMC-6670254',
    specialization: 'Orthopaedics',
    experienceYears: 13,
    feeMinor: 18_000,
    bio: 'Hands and wrists; Saturday mornings for those who cannot leave work.',
    gender: 'male',
    languages: ['en'],
    hours: [{ weekdays: [2, 4, 6], start: '09:00', end: '12:00', slotMinutes: 20 }],
  },
];

/** What a doctor asks for a visit, in the currency of the clinic's country. */
export const feeOf = (doctor: DemoDoctor): { amount: number; currency: string } => ({
  amount: doctor.feeMinor,
  currency: fees[doctor.clinic],
});
