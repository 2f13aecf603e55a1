import { env } from 'cloudflare:workers';
import { beforeAll, expect, it, vi } from 'vitest';
import { app } from '../../../src/app.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import { webRoutes } from '../../../src/web/routes.ts';
import { send } from '../../support/api.ts';
import { assemble, type Cast } from '../../support/cast.ts';
import { type Actor, actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { countedD1 } from '../../support/counted-d1.ts';
import { here } from '../../support/edge.ts';
import { admin, dependantOf, patient } from '../../support/people.ts';
import { addressOf, routeTable } from '../../support/route-table.ts';
import { web } from '../../support/web.ts';
import { png, sends } from '../../support/whole-files.ts';

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

/** Routes that make what lists hold, and end nobody's session. */
const making = /^POST \/api\/v1\/(appointments|clinics|doctors|documents|patients|prescriptions|reviews|waitlist)\b/;
const ending = /\/(break-glass|verify|unverify|cancel|reject|withdraw|no-show)$/;

/** More of everything: what such a route needs, and what it makes. Days fill up meanwhile, so some make nothing more. */
const more = async (): Promise<void> => {
  for (const [route, ask] of routeTable) {
    if (!making.test(route) || ending.test(route)) continue;
    const { body, ...fresh } = await Promise.resolve(ask(cast)).catch(() => ({ params: undefined, body: undefined }));
    if (fresh.params === undefined && body === undefined) continue;
    for (const who of ['patient', 'ownDoctor', 'admin'] as const) {
      const said = body === undefined ? {} : { body };
      const answer = await send('POST', addressOf(route, fresh), { as: cast.members[who], ...said });
      await answer.body?.cancel();
    }
  }
};

it('[WB8] no page asks D1 more than a dozen times, nor more often where there is more to show', {
  timeout: 120_000,
}, async () => {
  expect(paths.length).toBeGreaterThan(40);
  const { id } = await cast.appointment('confirmed');
  const ofOne = ['', '/cancel', '/reschedule', '/reason', '/documents'].map((part) => `/appointments/${id}${part}`);
  const ofRole = (isAdmin: boolean) =>
    [...paths, ...ofOne, `/day/${id}`].filter((one) => one.startsWith('/admin') === isAdmin);
  const look = async () => {
    const looks = new Map<string, { readonly asks: number; readonly length: number }>();
    for (const who of ['patient', 'ownDoctor', 'admin'] as const) {
      const { db, asks } = countedD1();
      const browser = web(here({ DB: db }));
      browser.jar.set('daybook-access', cast.members[who].token);
      for (const path of ofRole(who === 'admin')) {
        asks.length = 0;
        const answer = await browser.opens(path);
        expect([path, answer.status < 500]).toEqual([path, true]);
        looks.set(`${who} ${path}`, { asks: asks.length, length: (await answer.text()).length });
      }
    }
    return looks;
  };
  await more();
  const first = await look();
  for (let i = 0; i < 3; i++) await more();
  const second = await look();
  const asksOf = (looks: typeof first, page: string): number => looks.get(page)?.asks ?? Number.NaN;
  const pages = [...second.keys()];
  expect(pages.filter((page) => asksOf(second, page) > most)).toEqual([]);
  // A thing that there was none of before may be two questions more; a question a row would be three.
  expect(pages.filter((page) => !(asksOf(second, page) - asksOf(first, page) < 3))).toEqual([]);
  // Who counts nothing, or shows no more than before, finds nothing wrong.
  expect(Math.max(...pages.map((page) => asksOf(second, page)))).toBeGreaterThan(3);
  const grown = ['patient /appointments', 'patient /appointments/past', 'patient /records', 'ownDoctor /requests'];
  for (const page of [
    ...grown,
    'ownDoctor /week',
    'ownDoctor /reviews',
    'admin /admin/appointments',
    'admin /admin/users',
  ])
    expect([page, (second.get(page)?.length ?? 0) > (first.get(page)?.length ?? 0)]).toEqual([page, true]);
});

it('[WB8] nor do the pages of a visit that goes on, with all that there is to it, however much that is', {
  timeout: 60_000,
}, async () => {
  const clinicId = (await actor(await admin()).act('POST', '/clinics', cast.newClinic())).body.id;
  const clinic = await practice({ profile: { clinicIds: [clinicId] }, shape: { clinicId } });
  // Of a guardian the token brings no key of the child: each thing said of them is opened by one that D1 has.
  const guardian = await patient();
  const child = await dependantOf(guardian.id);
  const asGuardian = () => signedIn(guardian.id, 'patient', { dependantIds: [child] });
  const before = await asGuardian();
  const said = { patientId: child, reason: 'A cough', symptoms: 'At night' };
  const { id, startsAt } = (await before.holds(await clinic.slot('09:00'), said)).body;
  await before.confirms(id);
  const status = () => env.DB.prepare('select status from appointments where id = ?').bind(id).first('status');
  await eventually(status, (found) => found === 'confirmed');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(startsAt) - 20 * 60_000 });
  try {
    const [family, doctor] = [await asGuardian(), await signedIn(clinic.doctor.id, 'doctor')];
    const path = `/appointments/${id}`;
    const later = addDays(clinic.date, 7);
    const acts = async (who: Actor, method: string, at: string, body?: unknown) => {
      const { status: given, body: answer } = await who.act(method, at, body);
      expect([at, given]).toEqual([at, expect.toSatisfy((code: number) => code < 300)]);
      return answer;
    };
    for (const [step, body] of [
      ['check-in', undefined],
      ['call-in', undefined],
      ['note', { text: 'Coughs at night', diagnoses: [{ code: 'J20.9', text: 'Acute bronchitis' }] }],
      ['follow-up', { from: later, to: later, note: 'To hear the lungs' }],
    ] as const)
      await acts(doctor, 'POST', `${path}/${step}`, body);
    const items = [{ drug: 'Paracetamol', dose: '1 tablet', frequency: 'every 6 hours' }];
    const more = async () => {
      await acts(doctor, 'POST', '/prescriptions', { patientId: child, appointmentId: id, items });
      await acts(doctor, 'POST', `/patients/${child}/history`, { category: 'condition', title: 'Asthma' });
      const file = png();
      const document = await sends(family, file, { type: 'image/png', length: file.length, patientId: child });
      expect(document.status).toBe(201);
      await acts(family, 'PUT', `/documents/${document.body.id}`, { name: 'Blood count', appointmentId: id });
    };
    const counts = async () => {
      const found: [string, number][] = [];
      for (const [who, page, words] of [
        [family, path, /Blood count.*hear the lungs.*Acute bronchitis.*Paracetamol/s],
        [doctor, `/day/${id}`, /Asthma.*Paracetamol.*Blood count.*Coughs at night/s],
        [doctor, `/day/${id}/complete`, /./],
        [doctor, '/day', /Tuli Islam/],
        [family, '/appointments', /Rahima Khatun/],
        [family, `/family/${child}/records`, /Asthma/],
        [family, `/family/${child}/records/documents`, /Blood count/],
        [family, `/family/${child}/records/prescriptions`, /Paracetamol/],
      ] as const) {
        const { db, asks } = countedD1();
        const browser = web(here({ DB: db }));
        browser.jar.set('daybook-access', who.token);
        const html = await (await browser.opens(page)).text();
        expect(html.replaceAll(/<[^>]*>/g, ' ')).toMatch(words);
        found.push([page, asks.length]);
      }
      return found;
    };
    await more();
    const few = await counts();
    expect(few.filter(([, asks]) => asks > most)).toEqual([]);
    for (let i = 0; i < 4; i++) await more();
    expect(await counts()).toEqual(few);
  } finally {
    vi.useRealTimers();
  }
});
