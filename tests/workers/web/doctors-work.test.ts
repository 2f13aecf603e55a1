import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Actor, eventually, patient, practice, signedIn } from '../../support/clinic.ts';
import { countedD1 } from '../../support/counted-d1.ts';
import { here } from '../../support/edge.ts';
import { textOf, web } from '../../support/web.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
const karim = web();

beforeAll(async () => {
  clinic = await practice({ terms: { approvalRequired: true } });
  await karim.signsIn({ email: clinic.doctor.email, password: clinic.doctor.password });
});
afterEach(() => {
  vi.useRealTimers();
});

const inD1 = (id: string, wanted: string) =>
  eventually(
    () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status'),
    (status) => status === wanted,
  );

/** Somebody asks for a time, and the list of requests knows of it. */
const asksFor = async (self: Actor, time: string): Promise<string> => {
  const { id } = (await self.holds(await clinic.slot(time))).body;
  expect((await self.confirms(id)).body.status).toBe('awaiting_approval');
  await inD1(id, 'awaiting_approval');
  return id;
};

/** The list of requests as it is for a moment after an answer. */
const forgets = async (id: string, answer: string): Promise<void> => {
  await inD1(id, answer);
  await env.DB.prepare(
    `update appointments set status = 'awaiting_approval', expires_at_ms = starts_at_ms where id = ?`,
  )
    .bind(id)
    .run();
};

test('[WB8] [WB41] an answered request is not on the page that follows; who answers it again reads how it stands', async () => {
  const [nadia, rahim, salma] = await Promise.all([patient(), patient(), patient()]);
  const [first, second, third] = [
    await asksFor(nadia, '09:00'),
    await asksFor(rahim, '09:30'),
    await asksFor(salma, '10:00'),
  ];
  const shown = async (path: string) => {
    const html = await (await karim.opens(path)).text();
    return [first, second, third].filter((id) => html.includes(`/requests/${id}/accept`));
  };
  expect(await shown('/requests')).toEqual([first, second, third]);
  const before = (await karim.sends(`/requests/${first}/accept`, {})).headers.get('location') ?? '';
  expect(before).toBe(`/requests?of=${first}&done=request_accepted`);
  await forgets(first, 'confirmed');
  expect(await shown('/requests')).toContain(first);
  expect(await shown(before)).toEqual([second, third]);
  // The next answer leaves out both.
  const declined = await karim.sends(`/requests/${second}/accept`, { before: first });
  await forgets(second, 'confirmed');
  expect(await shown(declined.headers.get('location') ?? '')).toEqual([third]);

  const again = await karim.sends(`/requests/${first}/accept`, {});
  expect([again.status, again.headers.get('location')]).toEqual([
    303,
    `/requests?of=${first}&done=request_accepted_before`,
  ]);
  const page = again.headers.get('location') ?? '';
  expect(await textOf(await karim.opens(page))).toContain('This request was accepted before');
  expect(await textOf(await karim.opens(page, { 'accept-language': 'bn' }))).toContain('আগেই গ্রহণ করা হয়েছে');
  // However many the address names.
  const { db, asks } = countedD1();
  const counted = web(here({ DB: db }));
  counted.jar.set('daybook-access', clinic.doctor.token);
  expect((await counted.opens(`/requests?of=${first}&of=${second}&of=${third}`)).status).toBe(200);
  expect(asks.length).toBeGreaterThan(3);
  expect(asks.length).toBeLessThanOrEqual(12);
  // Without a reason the answer itself is at fault, and the request as open as it was.
  expect((await karim.sends(`/requests/${third}/decline`, { reason: '' })).status).toBe(400);
  await nadia.cancels(first);
  for (const answer of [
    await karim.sends(`/requests/${first}/decline`, { reason: 'I am away' }),
    await karim.opens(`/requests/${first}/decline`),
  ])
    expect(answer.headers.get('location')).toBe(`/requests?of=${first}&done=request_over`);
  await karim.sends(`/requests/${third}/decline`, { reason: 'I am away' });
  expect((await karim.sends(`/requests/${third}/accept`, {})).headers.get('location')).toContain(
    'request_declined_before',
  );
});

test('[WB42] today counts who was called in apart from who waits, and looks again soon where a time is held', async () => {
  const [nadia, rahim] = await Promise.all([patient(), patient()]);
  const { id, startsAt } = (await nadia.holds(await clinic.slot('11:00'))).body;
  await nadia.confirms(id);
  await clinic.doctor.accepts(id);
  await inD1(id, 'confirmed');

  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(startsAt) - 30 * 60_000 });
  const doctor = await signedIn(clinic.doctor.id, 'doctor');
  const reader = web();
  reader.jar.set('daybook-access', doctor.token);
  const today = async () => {
    const html = await (await reader.opens('/day')).text();
    return { html, counts: /\d+ to come, [^<]*/.exec(html)?.[0] };
  };
  const others = Number((await today()).counts?.split(' ', 1));
  await doctor.act('POST', `/appointments/${id}/check-in`);
  const rest = others - 1;
  expect((await today()).counts).toBe(`${rest} to come, 1 waiting, 0 with you, 0 seen`);
  await doctor.act('POST', `/appointments/${id}/call-in`);
  const calm = await today();
  expect(calm.counts).toBe(`${rest} to come, 0 waiting, 1 with you, 0 seen`);
  expect([calm.html.includes('data-live="20"'), calm.html.includes('data-live-soon')]).toEqual([true, false]);

  const late = await signedIn(rahim.id, 'patient');
  const held = (await late.holds(await clinic.slot('11:30'))).body.id;
  await inD1(held, 'pending');
  expect((await today()).html).toContain('data-live-soon="3"');
});

test('[WB43] hours into the next day say so, and hours that cover the same time are named and marked', async () => {
  const hours = (weekday: number, start: string, end: string): string[][] => [
    ...[
      ['id[]', ''],
      ['weekday[]', String(weekday)],
      ['start[]', start],
      ['end[]', end],
    ],
    ...[
      ['slotMinutes[]', '30'],
      ['bufferMinutes[]', '0'],
      ['capacity[]', '1'],
      ['emergencySeats[]', '0'],
    ],
    ...['mode[]', 'clinicId[]', 'requires[]', 'effectiveFrom[]', 'effectiveUntil[]'].map((name) => [
      name,
      name === 'mode[]' ? 'in_person' : '',
    ]),
  ];
  const { version } = (await clinic.doctor.act('GET', `/doctors/${clinic.doctor.id}/schedule`)).body;
  const form = (act: string, ...rows: string[][][]): string[][] => [
    ...[
      ['csrf', karim.jar.get('daybook-csrf') ?? ''],
      ['version', String(version)],
      ['do', act],
    ],
    ...[
      ['minimumNoticeMinutes', '0'],
      ['bookingWindowDays', '60'],
    ],
    ...rows.flat(),
  ];
  const night = form('preview', hours(1, '09:00', '13:00'), hours(2, '18:00', '09:00'));
  const preview = await textOf(await karim.sends('/schedule', night));
  expect(preview).toMatch(/Into the next day\s+Tuesday 18:00 until 09:00 the next day/);
  expect(preview).not.toContain('Monday 09:00');
  const inBengali = { 'accept-language': 'bn' };
  expect(await textOf(await karim.sends('/schedule', night, inBengali))).toContain(
    'মঙ্গলবার ১৮:০০ থেকে পরের দিন ০৯:০০ পর্যন্ত',
  );
  const row = await textOf(
    await karim.sends(
      '/schedule',
      [...night, ['do', 'edit']].filter(([, v]) => v !== 'preview'),
    ),
  );
  expect(row).toMatch(/Tuesday\s+18:00 until 09:00 the next day/);
  expect(row).toMatch(/Monday\s+09:00 – 13:00/);

  const twice = form('preview', hours(1, '09:00', '13:00'), hours(2, '09:00', '19:00'), hours(2, '18:00', '20:00'));
  const refused = await karim.sends('/schedule', twice);
  const html = await refused.clone().text();
  const text = await textOf(refused);
  expect(refused.status).toBe(422);
  expect(text).toContain('Tuesday 09:00 – 19:00 and Tuesday 18:00 – 20:00 cover the same time.');
  expect(text).not.toContain('rules.');
  const marked = [...html.matchAll(/id="(start-\d)"[^>]*aria-invalid="true"/g)].map(([, id]) => id);
  expect(marked).toEqual(['start-1', 'start-2']);
  expect(html).toContain('href="#start-2"');
  expect(await textOf(await karim.sends('/schedule', twice, inBengali))).toContain(
    'মঙ্গলবার ০৯:০০ – ১৯:০০ এবং মঙ্গলবার ১৮:০০ – ২০:০০, দুটি একই সময়ে পড়েছে।',
  );

  const extra = (start: string, end: string) =>
    karim.sends('/schedule/sessions', [...form('', hours(1, start, end)), ['date', clinic.date]]);
  expect((await extra('22:00', '02:00')).status).toBe(303);
  expect(await textOf(await extra('23:00', '23:30'))).toMatch(
    /22:00 until 02:00 the next day and .*23:00 – 23:30 cover/,
  );
});

test('[WB25] a fee that cannot be read is said beside its field, and none is taken instead', async () => {
  const profile = async (videoFee: string) =>
    karim.sends('/practice/profile', {
      ...{ bio: '', specialization: 'Cardiology', experienceYears: '3', gender: 'undisclosed', languages: 'en' },
      ...{ timeZone: 'Asia/Dhaka', currency: 'BDT', fee: '500', videoFee },
    });
  const fees = async () => (await clinic.doctor.act('GET', `/doctors/${clinic.doctor.id}`)).body;
  expect((await profile('300')).status).toBe(303);
  for (const wrong of ['12.345', '1e3', '-1', 'ten']) {
    const answer = await profile(wrong);
    expect([wrong, answer.status, (await answer.text()).includes('aria-invalid="true"')]).toEqual([wrong, 400, true]);
    expect(await fees()).toMatchObject({ videoFee: { amount: 30_000, currency: 'BDT' } });
  }
});
