import { searchTerms } from '../../src/domain/search-terms.ts';
import { accountNamed } from '../server/practice.ts';
import type { WorkerServer } from '../server/worker-server.ts';

const first = ['Rahima', 'Kamal', 'Nadia', 'Arif', 'Salma', 'Tanvir', 'Farhana', 'Imran', 'Sadia', 'Hasan'];
const last = ['Khatun', 'Hossain', 'Islam', 'Chowdhury', 'Akter', 'Rahman', 'Begum', 'Sarkar', 'Das', 'Mia'];
const fields = ['Cardiology', 'Dermatology', 'Neurology', 'Orthopaedics', 'Paediatrics', 'Psychiatry', 'Urology'];
const hourMs = 3_600_000;
/** Rows a statement: what fits into D1's 100 KB of SQL. */
const doctorsAtOnce = 200;
/** Doctors of one clinic; the clinics lie all over a country of five degrees by four. */
const doctorsOfClinic = 50;
const appointmentsAtOnce = 20_000;

/** A patient and a doctor whose own appointments stay as few while everybody else's grow. */
export const reader = { patientId: accountNamed('reading patient'), doctorId: accountNamed('reading doctor') };
const ownAppointments = 60;

const doctorOf = (i: number) => {
  const fullName = `${first[i % 10]} ${last[Math.floor(i / 10) % 10]} ${i}`;
  const specialization = fields[i % fields.length] ?? '';
  const id = accountNamed(`listed doctor ${i}`);
  const clinicId = clinicOf(Math.floor(i / doctorsOfClinic)).id;
  // Neither goes with names or fields: 23 and 29 share no divisor with what those go by.
  const [reviews, stars] = [i % 23, 3 + (i % 29) / 14];
  const terms = searchTerms(fullName);
  const sum = Math.round(reviews * stars);
  return { id, fullName, specialization, clinicId, terms, fee: 50_000 + (i % 400) * 500, reviews, sum };
};

const clinicOf = (i: number) => ({
  id: accountNamed(`listed clinic ${i}`).replace('u_', 'c_'),
  // Steps that share no divisor with the country's sides, in hundredths of a degree.
  latitude: 21 + ((i * 37) % 499) / 100,
  longitude: 88.5 + ((i * 83) % 401) / 100,
});

/**
 * Brings the number of listed doctors from one size to another: profile, clinic, stars, languages, hours, search words,
 * index of free days.
 */
export const growDoctors = async (server: WorkerServer, from: number, to: number): Promise<void> => {
  for (let i = from; i < to; i += doctorsAtOnce) {
    const count = Math.min(doctorsAtOnce, to - i);
    const json = JSON.stringify(Array.from({ length: count }, (_, n) => doctorOf(i + n)));
    const rows = `json_each('${json}')`;
    const [from0, to0] = [Math.floor(i / doctorsOfClinic), Math.ceil((i + count) / doctorsOfClinic)];
    const clinics = JSON.stringify(Array.from({ length: to0 - from0 }, (_, n) => clinicOf(from0 + n)));
    await server.query(
      `insert into accounts (id, email, password_hash, full_name, role, created_at_ms)
       select value ->> 'id', (value ->> 'id') || '@example.org', '-', value ->> 'fullName', 'doctor', 0 from ${rows}`,
      `insert into doctors (id, full_name, license_number, specialization, experience_years, fee_minor, currency,
         time_zone, verified_at_ms, created_at_ms, rating_count, rating_sum)
       select value ->> 'id', value ->> 'fullName', value ->> 'id', value ->> 'specialization', key % 40,
         value ->> 'fee', 'BDT', 'Asia/Dhaka', 1, 0, value ->> 'reviews', value ->> 'sum' from ${rows}`,
      `insert or ignore into clinics (id, name, address, city, country, time_zone, location_id, latitude, longitude, created_at_ms)
       select value ->> 'id', 'Clinic', 'House 1', 'Dhaka', 'BD', 'Asia/Dhaka', 'BD-13', value ->> 'latitude',
         value ->> 'longitude', 0 from json_each('${clinics}')`,
      `insert into doctor_clinics (doctor_id, clinic_id) select value ->> 'id', value ->> 'clinicId' from ${rows}`,
      `insert into doctor_languages (doctor_id, language, place)
       select d.value ->> 'id', l.value, l.key from ${rows} d, json_each('["bn","en"]') l`,
      `insert into doctor_terms (doctor_id, term) select d.value ->> 'id', t.value
       from ${rows} d, json_each(d.value -> 'terms') t`,
      `insert into weekly_rules (id, doctor_id, weekday, start, end, slot_minutes, buffer_minutes, capacity, mode)
       select 'r_' || w.value || (d.value ->> 'id'), d.value ->> 'id', w.value, '09:00', '13:00', 30, 0, 1, 'in_person'
       from ${rows} d, json_each('[1,2,3,4,5]') w`,
      `insert into doctor_days (doctor_id, date, schedule_version, remaining, first_available_at_ms, last_available_at_ms)
       select d.value ->> 'id', date('now', w.value || ' days'), 1, 8,
         unixepoch(date('now', w.value || ' days')) * 1000 + 10800000,
         unixepoch(date('now', w.value || ' days')) * 1000 + 23400000
       from ${rows} d, json_each('[1,2,3,4,5,6,7]') w`,
    );
  }
};

/** Brings the number of appointments from one size to another, over two years, with the reader's few among them. */
export const growAppointments = async (server: WorkerServer, from: number, to: number): Promise<void> => {
  const startMs = Math.floor((Date.now() - 365 * 24 * hourMs) / hourMs) * hourMs;
  for (let i = from; i < to; i += appointmentsAtOnce) {
    await server.query(appointmentRows(i, Math.min(appointmentsAtOnce, to - i), startMs, 'bulk', null));
  }
  if (from === 0) await server.query(appointmentRows(0, ownAppointments, startMs, 'own', reader));
};

const appointmentRows = (
  from: number,
  count: number,
  startMs: number,
  prefix: string,
  whose: typeof reader | null,
): string => {
  const doctor = whose === null ? `'u_' || printf('%016d', i % 1009)` : `'${whose.doctorId}'`;
  const patient = whose === null ? `'u_' || printf('%016d', 100000 + i % 20011)` : `'${whose.patientId}'`;
  // Nobody has two at one time: everybody else's fill the hours one doctor after the other, the reader's follow each other.
  const at = `${startMs} + ${whose === null ? '(i / 1009)' : 'i'} * ${hourMs}`;
  return `
    insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
      outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
    with recursive n (i) as (select ${from} union all select i + 1 from n where i + 1 < ${from + count})
    select 'a_${prefix}' || i, ${doctor}, ${patient}, date((${at}) / 1000, 'unixepoch'), ${at}, ${at} + 1800000, 'UTC',
      case when i % 3 = 0 then null else 1 end, 'video',
      case i % 3 when 0 then 'cancelled' when 1 then 'confirmed' else 'completed' end,
      0, 100000, 'BDT', ${startMs}, ${startMs}, 2 from n`;
};
