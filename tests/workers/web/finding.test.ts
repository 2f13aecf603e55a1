import { beforeAll, expect, it } from 'vitest';
import { addDays } from '../../../src/domain/local-date.ts';
import { practice } from '../../support/clinic.ts';
import { countedD1 } from '../../support/counted-d1.ts';
import { here } from '../../support/edge.ts';
import { textOf, web } from '../../support/web.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
const browser = web();
const script = '</script><script>alert(1)</script>';

beforeAll(async () => {
  clinic = await practice({ profile: { bio: `Hearts ${script}`, specialization: 'Cardiology' } });
});

const ledTo = async (path: string): Promise<string | null> => (await browser.opens(path)).headers.get('location');
const doctorPath = () => `/doctors/${clinic.doctor.id}`;

it('[WB30] a form that leaves things open leads to an address without them', async () => {
  expect(await ledTo('/?q=heart&mode=&fee=&currency=BDT&place=&locationId=&sort=')).toBe('/?q=heart');
  expect(await ledTo('/?fee=1500&currency=GBP&mode=video')).toBe(null);
  const nonsense = '/?q=heart&mode=by_pigeon&fee=-3&near=here&sort=distance&minRating=9&language=%3Cb%3E&x=1';
  expect(await ledTo(nonsense)).toBe('/?q=heart');
  const unknown = await browser.opens('/?place=Nowhere+%3Cb%3Eat+all');
  expect([unknown.status, await unknown.text()]).toEqual([
    200,
    expect.stringContaining('There is no place called “Nowhere &lt;b&gt;at all” here'),
  ]);
});

it('[WB31] only the page to find a doctor may ask where somebody is', async () => {
  const policyOf = async (path: string) => (await browser.opens(path)).headers.get('permissions-policy');
  expect(await policyOf('/')).toContain('geolocation=(self)');
  expect(await policyOf('/')).toContain('camera=()');
  for (const path of [doctorPath(), '/login', '/api/v1/doctors'])
    expect(await policyOf(path)).toContain('geolocation=()');
  expect(await ledTo('/?near=23.7512345,90.38')).toBe('/');
});

it('[WB32] suggests from the second letter on, and shows text as text', async () => {
  const suggested = async (typed: string) => (await browser.ask(`/suggest?q=${encodeURIComponent(typed)}`)).text();
  expect(await suggested('c')).toBe('');
  const found = await suggested('cardio');
  expect(found).toContain('data-href="/?specialization=Cardiology"');
  // Of the doctors of all tests, who else are cardiologists too.
  expect(found).toMatch(/data-href="\/doctors\/u_[\w-]{16}"/);
  expect(await suggested('<script>')).not.toContain('<script>');
  expect(await (await browser.ask(`/suggest/places?q=${'x'.repeat(500)}`)).text()).toBe('');
});

it('[WB33] a week is one question to D1, whatever is booked', async () => {
  const { id } = clinic.doctor;
  const { db, asks } = countedD1();
  // A page that asked an object would fail.
  const withoutDays = web(here({ DB: db, DOCTOR_DAY: undefined }));
  const page = await (await withoutDays.opens(`${doctorPath()}?from=${clinic.date}`)).text();
  // The next free times, the week.
  const calendars = asks.filter((statements) => statements.some((sql) => sql.includes('"busy_days"')));
  expect(calendars.length).toBeGreaterThan(0);
  expect(calendars.length).toBeLessThanOrEqual(2);
  const slots = await clinic.slotsOn();
  for (const slot of slots) expect(page).toContain(`href="/book/${slot.id}"`);
  expect(page).toContain('Times are in Bangladesh Standard Time.');
  expect(page).toContain(`href="/waitlist/join?doctor=${id}"`);
  expect(page.match(/data-date="/g)).toHaveLength(7);
});

it('[WB33] an empty week says when something is free; a date that is none, or past, is today', async () => {
  const beyond = await textOf(await browser.opens(`${doctorPath()}?from=${addDays(clinic.date, 90)}`));
  expect(beyond).toMatch(/Nothing is free this week\.[\s\S]*Next free:/);
  const today = await textOf(await browser.opens(doctorPath()));
  for (const from of ['2020-01-01', 'yesterday', '2026-02-30']) {
    expect(await textOf(await browser.opens(`${doctorPath()}?from=${from}`))).toBe(today);
  }
});

it('[WB34] [WB12] tells search engines what the page shows, and no markup of anybody ends the script that says it', async () => {
  const page = await (await browser.opens(doctorPath())).text();
  const data = /<script type="application\/ld\+json"[^>]*>([^<]*)<\/script>/.exec(page)?.[1] ?? '';
  expect(JSON.parse(data)).toMatchObject({
    '@type': 'Physician',
    medicalSpecialty: 'Cardiology',
    description: `Hearts ${script}`,
  });
  expect(page).not.toContain('<script>alert');
  expect(page).toContain(`<link rel="canonical" href="http://daybook.test${doctorPath()}"/>`);
  expect(page).toMatch(/<meta name="description" content="[^"]*Cardiology/);
  expect(await (await browser.opens('/?q=heart')).text()).toContain('content="noindex"');
});
