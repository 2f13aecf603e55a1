import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { addDays, utcDate } from '../../src/domain/local-date.ts';
import { makeReports } from '../../src/features/reports/make.ts';
import { workOnAbsences } from '../../src/features/schedules/absence-work.ts';
import { consumeDayMessage } from '../../src/features/schedules/consume.ts';
import { foldFigures } from '../../src/figures/fold.ts';
import { tillOf } from '../../src/payments/env-till.ts';
import { sweepPayments } from '../../src/payments/sweep.ts';
import { send } from '../support/api.ts';
import { type Actor, actor, eventually, everyDay, signedIn } from '../support/clinic.ts';
import { interceptDayQueue } from '../support/day-queue.ts';
import { uploaded } from '../support/files.ts';
import { fetchPage } from '../support/payment-routes.ts';
import { admin, patient, unverifiedDoctor } from '../support/people.ts';
import { codeOf, tokenOf } from '../support/prescriptions.ts';
import { readPdf } from '../support/read-pdf.ts';

const minuteMs = 60_000;
const fee = { amount: 120_000, currency: 'BDT' };

afterEach(() => {
  vi.useRealTimers();
});

/** Waits until D1 shows an appointment in a status. */
const shownAs = (id: string, status: string) =>
  eventually(
    () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status'),
    (found) => found === status,
  );

const must = async (asked: ReturnType<Actor['act']>, status: number) => {
  const { status: got, body } = await asked;
  expect(got, JSON.stringify(body)).toBe(status);
  return body;
};

const slotsOf = async (doctorId: string, date: string): Promise<{ id: string; remaining: number }[]> =>
  (await (await send('GET', `/doctors/${doctorId}/slots?date=${date}`)).json<{ slots: never[] }>()).slots;

/** Pays for a hold on the page of the pretended gateway. */
const pays = async (who: Actor, id: string): Promise<void> => {
  const { order } = await must(who.act('POST', `/appointments/${id}/payment`), 200);
  const page = await fetchPage(`/dev/pay/${order.orderId}`, 'act=pay');
  expect(page.status).toBe(200);
  await page.arrayBuffer();
  await shownAs(id, 'confirmed');
};

const pdf = async (who: Actor, path: string): Promise<string> => {
  const response = await send('GET', path, { as: who });
  expect(response.headers.get('content-type'), path).toBe('application/pdf');
  return (await readPdf(new Uint8Array(await response.arrayBuffer()))).text.join('\n');
};

const goTo = (ms: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: ms });
};

test('a week of a clinic, from its opening to its report', async () => {
  // Monday: the clinic opens, and its doctor is verified.
  const boss = actor(await admin());
  const clinic = await must(
    boss.act('POST', '/clinics', {
      ...{ name: 'Dhanmondi Heart Centre', address: 'House 12, Road 5', city: 'Dhaka', country: 'BD' },
      ...{ timeZone: 'Asia/Dhaka', phone: '+88029876543', position: { latitude: 23.7465, longitude: 90.376 } },
    }),
    201,
  );
  const profile = { specialization: 'Cardiology', consultationFee: fee, clinicIds: [clinic.id] };
  const doctor = actor(await unverifiedDoctor(profile, 'Rahima Khatun'));
  await uploaded(doctor);
  await must(doctor.act('POST', `/doctors/${doctor.id}/verification`), 200);
  await must(boss.act('POST', `/admin/doctors/${doctor.id}/verify`), 200);
  await must(doctor.act('PUT', `/doctors/${doctor.id}`, { paymentRequired: true }), 200);
  await must(
    doctor.act('PUT', `/doctors/${doctor.id}/schedule`, {
      ...{ minimumNoticeMinutes: 0, bookingWindowDays: 60, approvalRequired: false },
      rules: everyDay({ start: '18:00', end: '19:00', mode: 'video', clinicId: clinic.id }),
    }),
    200,
  );

  // Patients look for a heart doctor, book both times of an evening, and pay.
  const [amina, badal, chitra, dipu] = await Promise.all(
    ['Amina Begum', 'Badal Das', 'Chitra Roy', 'Dipu Sen'].map(async (name) => actor(await patient(name))),
  );
  if (!amina || !badal || !chitra || !dipu) throw new Error('four patients');
  const found = await eventually(
    async () => (await amina.act('GET', '/doctors?q=heart&limit=100')).body.items,
    (items: { id: string }[]) => items.some(({ id }) => id === doctor.id),
  );
  expect(found.find(({ id }: { id: string }) => id === doctor.id)).toMatchObject({ fullName: 'Rahima Khatun' });
  const date = addDays(utcDate(Date.now()), 3);
  const [first, second] = await slotsOf(doctor.id, date);
  const visit = await must(amina.holds(first?.id ?? '', { reason: 'Palpitations' }), 201);
  expect((await amina.confirms(visit.id)).body.code).toBe('payment_required');
  await pays(amina, visit.id);
  const given = await must(badal.holds(second?.id ?? ''), 201);
  await pays(badal, given.id);

  // The evening is full. One waits; a time that is given back is hers, and nobody's who is faster.
  const { messages } = interceptDayQueue();
  await must(chitra.act('POST', '/waitlist', { doctorId: doctor.id, from: date, to: date }), 201);
  for (const message of messages) await consumeDayMessage(env, message);
  vi.restoreAllMocks();
  expect((await must(badal.act('GET', `/appointments/${given.id}/refund-preview`), 200)).refund).toEqual(fee);
  await must(badal.cancels(given.id), 200);
  const offer = await eventually(
    async () => (await chitra.lists()).body.items[0],
    (item) => item?.offer !== undefined && item.offer !== null,
  );
  expect((await dipu.holds(second?.id ?? '')).body.code).toBe('slot_full');
  await pays(chitra, offer.id);
  await shownAs(given.id, 'cancelled');
  await sweepPayments(tillOf(env), Date.now());
  const back = await must(badal.act('GET', `/appointments/${given.id}/payment`), 200);
  expect(back.payments[0]).toMatchObject({ refunded: fee, kept: true });

  // The evening itself: by video, with a note, and a prescription that an override was needed for.
  const startsAtMs = Date.parse(visit.startsAt);
  goTo(startsAtMs - minuteMs);
  const [self, seer] = [await signedIn(amina.id, 'patient'), await signedIn(doctor.id, 'doctor')];
  const room = await must(self.act('GET', `/appointments/${visit.id}/video`), 200);
  expect((await must(seer.act('GET', `/appointments/${visit.id}/video`), 200)).url).toBe(room.url);
  goTo(startsAtMs + 10 * minuteMs);
  const note = { text: 'Regular rhythm today.', diagnoses: [{ code: 'R00.2', text: 'Palpitations' }] };
  await must(seer.act('POST', `/appointments/${visit.id}/note`, note), 201);
  await must(seer.completes(visit.id), 200);
  const items = ['Warfarin', 'Aspirin'].map((drug) => ({ drug, dose: '1 tablet', frequency: 'once a day' }));
  const order = { patientId: amina.id, appointmentId: visit.id, items };
  const stopped = await seer.act('POST', '/prescriptions', order);
  expect(stopped.body).toMatchObject({ code: 'interaction_override_required' });
  const overrides = stopped.body.hits.map(({ key }: { key: string }) => ({
    key,
    reason: 'A stent; the INR is watched',
  }));
  const paper = await must(seer.act('POST', '/prescriptions', { ...order, overrides }), 201);
  const printed = await pdf(self, `/prescriptions/${paper.id}/prescription.pdf`);
  for (const text of ['Rahima Khatun', 'Amina Begum', 'Warfarin', 'A stent; the INR is watched']) {
    expect(printed).toContain(text);
  }
  // Anybody scans it, and learns initials; it is dispensed once.
  const verify = `/verified-prescriptions/${await tokenOf(paper.id)}`;
  const seen = await (await send('GET', verify)).text();
  expect(JSON.parse(seen)).toMatchObject({ authentic: true, state: 'active', patientInitials: 'A. B.' });
  expect(seen).not.toMatch(/Amina|Begum|Warfarin/);
  const dispensing = { code: await codeOf(paper.id), pharmacy: 'Lazz Pharma' };
  const dispensed = await Promise.all([1, 2].map(() => send('POST', `${verify}/dispense`, { body: dispensing })));
  expect(dispensed.map(({ status }) => status).toSorted()).toEqual([200, 409]);

  // The second patient does not come; the first says how it was, and the doctor answers.
  goTo(Date.parse(offer.startsAt) + 40 * minuteMs);
  const later = await signedIn(doctor.id, 'doctor');
  await must(later.marksNoShow(offer.id), 200);
  await shownAs(visit.id, 'completed');
  await shownAs(offer.id, 'no_show');
  const author = await signedIn(amina.id, 'patient');
  const review = await must(
    author.act('POST', `/appointments/${visit.id}/review`, { stars: 5, text: 'Listens.' }),
    201,
  );
  await must(later.act('PUT', `/doctors/${doctor.id}/reviews/${review.id}/reply`, { text: 'Thank you.' }), 200);
  const card = await (await send('GET', `/doctors/${doctor.id}`)).json<{ rating: unknown }>();
  expect(card.rating).not.toBeNull();

  // The doctor falls ill: who is booked then is moved, and told.
  const ill = addDays(date, 2);
  const [sick] = await slotsOf(doctor.id, ill);
  const buyer = await signedIn(dipu.id, 'patient');
  const displaced = await must(buyer.holds(sick?.id ?? ''), 201);
  await pays(buyer, displaced.id);
  const timeOff = { from: ill, to: ill, reason: 'ill' };
  const preview = await must(later.act('POST', `/doctors/${doctor.id}/absences/preview`, { timeOff }), 200);
  expect(preview.items).toEqual([expect.objectContaining({ appointmentId: displaced.id, action: 'move' })]);
  const absence = await must(later.act('POST', `/doctors/${doctor.id}/absences`, { timeOff }), 201);
  const done = await eventually(
    async () => {
      // As the clock does, beside the work that goes on behind the answer.
      await workOnAbsences(env, Date.now());
      return (await later.act('GET', `/doctors/${doctor.id}/absences/${absence.id}`)).body;
    },
    ({ doneAt }) => doneAt !== null,
  );
  expect(done.items).toEqual([expect.objectContaining({ appointmentId: displaced.id, state: 'moved' })]);
  const moved = await must(buyer.reads(displaced.id), 200);
  expect(moved).toMatchObject({ status: 'confirmed', startsAt: preview.items[0].proposedAt });

  // On the 1st the month becomes a report.
  const month = date.slice(0, 7);
  goTo(Date.parse(`${month}-01T12:00:00Z`) + 40 * 86_400_000);
  await eventually(
    async () => {
      await foldFigures(env.DB);
      return env.DB.prepare('select sum(completed) as n from daily_figures where doctor_id = ?')
        .bind(doctor.id)
        .first('n');
    },
    (n) => n === 1,
  );
  await makeReports(env, Date.now());
  const office = await signedIn(boss.id, 'admin');
  const report = `/admin/reports/monthly/summary?month=${month}&doctorId=${doctor.id}`;
  expect((await must(office.act('GET', report), 200)).total).toMatchObject({
    ...{ completed: 1, noShows: 1, cancelledByPatient: 1, newPatients: 1, reviews: 1, stars: 5 },
    income: [{ currency: 'BDT', amount: expect.any(Number) }],
  });
  expect(await pdf(office, `${report}&format=pdf`)).toContain('Rahima Khatun');
});
