import { env } from 'cloudflare:workers';
import { beforeAll, expect, it, vi } from 'vitest';
import { app } from '../../../src/app.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import { webRoutes } from '../../../src/web/routes.ts';
import { assemble, type Cast } from '../../support/cast.ts';
import { eventually, practice, signedIn } from '../../support/clinic.ts';
import { countedD1 } from '../../support/counted-d1.ts';
import { here } from '../../support/edge.ts';
import { patient } from '../../support/people.ts';
import { web } from '../../support/web.ts';

/** How often a page may ask D1 at most; statements of one batch are one question. */
const most = 12;

let cast: Cast;
beforeAll(async () => {
  cast = await assemble();
});

/** Every page whose path needs no id. */
const paths = [
  ...new Set(
    webRoutes(app)
      .routes.filter(({ method, path }) => method === 'GET' && !/[:*]/.test(path))
      .map(({ path }) => path),
  ),
].sort();

it('[WB8] no page asks D1 more than a dozen times', { timeout: 120_000 }, async () => {
  expect(paths.length).toBeGreaterThan(40);
  const { id } = await cast.appointment('confirmed');
  const ofOne = ['', '/cancel', '/reschedule', '/reason', '/documents'].map((part) => `/appointments/${id}${part}`);
  const ofRole = (isAdmin: boolean) => [...paths, ...ofOne].filter((one) => one.startsWith('/admin') === isAdmin);
  const tooMany: string[] = [];
  let highest = 0;
  for (const who of ['patient', 'ownDoctor', 'admin'] as const) {
    const { db, asks } = countedD1();
    const browser = web(here({ DB: db }));
    browser.jar.set('daybook-access', cast.members[who].token);
    for (const path of ofRole(who === 'admin')) {
      asks.length = 0;
      const { status } = await browser.opens(path);
      if (status >= 500) tooMany.push(`${who} ${path} answers ${status}`);
      highest = Math.max(highest, asks.length);
      if (asks.length > most) tooMany.push(`${who} ${path} asks ${asks.length}`);
    }
  }
  expect(tooMany).toEqual([]);
  // Who counts nothing finds nothing wrong.
  expect(highest).toBeGreaterThan(3);
});

it('[WB8] the pages of a visit that goes on, with all that there is to it, ask as often as is said', {
  timeout: 60_000,
}, async () => {
  const clinic = await practice();
  const person = await patient();
  const nadia = await signedIn(person.id, 'patient');
  const { id, startsAt } = (await nadia.holds(await clinic.slot('09:00'))).body;
  await nadia.confirms(id);
  const status = () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status');
  await eventually(status, (found) => found === 'confirmed');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(startsAt) - 20 * 60_000 });
  try {
    const [self, doctor] = [await signedIn(person.id, 'patient'), await signedIn(clinic.doctor.id, 'doctor')];
    const path = `/appointments/${id}`;
    const later = addDays(clinic.date, 7);
    for (const [step, body] of [
      ['check-in', undefined],
      ['call-in', undefined],
      ['note', { text: 'Coughs at night', diagnoses: [{ code: 'J20.9', text: 'Acute bronchitis' }] }],
      ['follow-up', { from: later, to: later }],
    ] as const)
      expect((await doctor.act('POST', `${path}/${step}`, body)).status).toBeLessThan(300);
    const items = [{ drug: 'Paracetamol', dose: '1 tablet', frequency: 'every 6 hours' }];
    const order = { patientId: person.id, appointmentId: id, items };
    expect((await doctor.act('POST', '/prescriptions', order)).status).toBe(201);
    for (const [who, page, mostThere, said] of [
      [self, path, 20, /Acute bronchitis.*Paracetamol/s],
      [doctor, `/day/${id}`, 27, /Coughs at night.*Paracetamol/s],
    ] as const) {
      const { db, asks } = countedD1();
      const browser = web(here({ DB: db }));
      browser.jar.set('daybook-access', who.token);
      expect(await (await browser.opens(page)).text()).toMatch(said);
      expect([page, asks.length <= mostThere]).toEqual([page, true]);
    }
  } finally {
    vi.useRealTimers();
  }
});
