import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { addDays } from '../../../src/domain/local-date.ts';
import { type Actor, eventually, practice, signedIn } from '../../support/clinic.ts';
import { fetchPage } from '../../support/payment-routes.ts';
import { admin, type Person, patient } from '../../support/people.ts';
import { fieldsOf, textOf, web } from '../../support/web.ts';

const fee = { amount: 150_000, currency: 'BDT' };
let heart: Awaited<ReturnType<typeof practice>>;
let skin: Awaited<ReturnType<typeof practice>>;
let nadia: Actor;
let person: Person;
const herself = web();

beforeAll(async () => {
  [heart, skin, person] = await Promise.all([
    practice({ profile: { consultationFee: fee } }),
    practice({ profile: { consultationFee: fee } }),
    patient(),
  ]);
  nadia = await signedIn(person.id, 'patient');
  await herself.signsIn(person);
  await skin.doctor.act('PUT', `/doctors/${skin.doctor.id}`, { paymentRequired: true });
});

const books = async (slotId: string): Promise<string> => {
  const { id } = (await nadia.holds(slotId)).body;
  expect((await nadia.confirms(id)).status).toBe(200);
  return id;
};

/** An appointment that is paid, and where its payment is. */
const paid = async (time: string): Promise<string> => {
  const { id } = (await nadia.holds(await skin.slot(time))).body;
  const { order } = (await nadia.act('POST', `/appointments/${id}/payment`)).body;
  await (await fetchPage(`/dev/pay/${order.orderId}`, 'act=pay')).arrayBuffer();
  return id;
};

/** A page that was answered: its status, what it says, and the fields of its form. */
const read = async (answer: Response | Promise<Response>, form: string) => {
  const page = await answer;
  const [html, text] = await Promise.all([page.clone().text(), textOf(page)]);
  return { status: page.status, text, fields: fieldsOf(html, form) };
};

test('[WB15] [WB19] [WB35] a visit is moved among the times of its doctor, at the fee that its page names', async () => {
  const id = await books(await heart.slot('09:00'));
  const moving = `/appointments/${id}/reschedule`;
  const elsewhere = `${moving}/${await skin.slot('09:00')}`;
  for (const answer of [await herself.opens(elsewhere), await herself.sends(elsewhere, {})])
    expect([answer.status, answer.headers.get('location')]).toEqual([303, moving]);
  expect((await nadia.reads(id)).body.doctorId).toBe(heart.doctor.id);

  const costs = async (amount: number) =>
    expect(
      (await heart.doctor.act('PUT', `/doctors/${heart.doctor.id}`, { consultationFee: { ...fee, amount } })).status,
    ).toBe(200);
  await costs(200_000);
  // Within its day a visit stays at what it was booked for.
  const sameDay = `${moving}/${await heart.slot('10:00')}`;
  const near = await read(herself.opens(sameDay), sameDay);
  expect(near.text).not.toContain('The fee changes');
  expect((await herself.sends(sameDay, near.fields)).headers.get('location')).toBe(`/appointments/${id}?done=moved`);
  expect((await nadia.reads(id)).body.consultationFee).toEqual(fee);

  const otherDay = `${moving}/${await heart.slot('10:00', addDays(heart.date, 1))}`;
  const far = await read(herself.opens(otherDay), otherDay);
  expect(far.text).toContain('The fee changes: ৳2,000 instead of ৳1,500.');
  await costs(250_000);
  const again = await read(herself.sends(otherDay, far.fields), otherDay);
  expect(again).toMatchObject({
    status: 409,
    text: expect.stringContaining('The fee has changed since this page was opened.'),
  });
  expect(again.text).toContain('The fee changes: ৳2,500 instead of ৳1,500.');
  expect((await nadia.reads(id)).body.startsAt.slice(0, 10)).toBe(heart.date);
  // What became cheaper meanwhile goes through.
  await costs(100_000);
  for (const _ of ['once', 'twice'])
    expect((await herself.sends(otherDay, again.fields)).headers.get('location')).toBe(
      `/appointments/${id}?done=moved`,
    );
});

test('[WB14] a time that somebody else took is not offered by the page that says so, though lists still show it', async () => {
  const id = await books(await heart.slot('09:00', addDays(heart.date, 2)));
  const slot = await heart.slot('10:30', addDays(heart.date, 2));
  const patients = `/appointments/${id}/reschedule/${slot}`;
  const [karim, offered] = [web(), new RegExp(`class="slot" href="[^"]*/${slot}"|value="${slot}"`)];
  await karim.signsIn({ email: heart.doctor.email, password: heart.doctor.password });
  const doctors = `/week/${id}/move`;
  const seen = await read(herself.opens(patients), patients);
  expect(await (await herself.opens(`/appointments/${id}/reschedule`)).text()).toMatch(offered);
  expect(await (await karim.opens(doctors)).text()).toMatch(offered);

  const rahim = await signedIn((await patient()).id, 'patient');
  const taken = (await rahim.holds(slot)).body.id;
  expect((await rahim.confirms(taken)).status).toBe(200);
  const status = () => env.DB.prepare('select status from appointments where id = ?').bind(taken).first('status');
  await eventually(status, (found) => found === 'confirmed');
  // As it is for a moment after somebody booked.
  await env.DB.prepare('delete from appointments where id = ?').bind(taken).run();
  expect(await (await karim.opens(doctors)).text()).toMatch(offered);
  for (const answer of [
    await herself.sends(patients, seen.fields),
    await karim.sends(doctors, { slotId: slot, from: addDays(heart.date, 2) }),
  ]) {
    const html = await answer.text();
    expect(html).toMatch(/(?:\/reschedule\/|value=")s_/);
    expect(html).not.toMatch(offered);
  }
});

test('[WB19] who would get less back than the page said is asked again; who gets more is not', async () => {
  const finance = await signedIn('u_AAAAAAAAAAAAAAAQ', 'admin', { permissions: ['finance'] });
  const gives = async (percent: number) =>
    expect((await finance.act('PUT', '/admin/refund-policy', { steps: [{ hoursBefore: 24, percent }] })).status).toBe(
      200,
    );
  const id = await paid('09:00');
  const path = `/appointments/${id}/cancel`;
  await gives(100);
  const first = await read(herself.opens(path), path);
  expect(first.text).toContain('You get ৳1,500 back');
  await gives(0);
  const second = await read(herself.sends(path, [...first.fields, ['reason', 'I am well']]), path);
  expect(second).toMatchObject({ status: 409, text: expect.stringContaining('You get less back now') });
  expect(second.text).toMatch(/Nothing of the ৳1,500 .*I am well/s);
  expect((await nadia.reads(id)).body.status).toBe('confirmed');
  await gives(50);
  for (const _ of ['once', 'twice'])
    expect((await herself.sends(path, second.fields)).headers.get('location')).toBe(
      `/appointments/${id}?done=cancelled`,
    );
  expect((await nadia.reads(id)).body.status).toBe('cancelled');
});

test('[WB40] time off is taken for those whom its plan has named: who was booked meanwhile is shown first', async () => {
  const karim = web();
  await karim.signsIn({ email: heart.doctor.email, password: heart.doctor.password });
  const date = addDays(heart.date, 5);
  const plan = async (answer: Response | Promise<Response>) => read(answer, '/time-off');
  const isPlanned = (count: number) =>
    eventually(
      () =>
        heart.doctor.act('POST', `/doctors/${heart.doctor.id}/absences/preview`, { timeOff: { from: date, to: date } }),
      ({ body }) => body.items.length === count,
    );
  const first = await plan(karim.sends('/time-off/plan', { from: date, to: date }));
  expect(first.text).toContain('Nobody is booked then.');
  const early = await books(await heart.slot('09:00', date));
  await isPlanned(1);
  const second = await plan(karim.sends('/time-off', first.fields));
  expect(second).toMatchObject({ status: 409, text: expect.stringContaining('Somebody was booked meanwhile.') });
  const late = await books(await heart.slot('10:00', date));
  await isPlanned(2);
  const chosen = second.fields.map(([name = '', value = '']) => [name, name === 'action[]' ? 'cancel' : value]);
  const third = await plan(karim.sends('/time-off', chosen));
  expect(third.fields.filter(([name]) => name?.endsWith('[]'))).toEqual([
    ...[
      ['appointmentId[]', early],
      ['action[]', 'cancel'],
    ],
    ...[
      ['appointmentId[]', late],
      ['action[]', 'move'],
    ],
  ]);
  expect((await heart.doctor.act('GET', `/doctors/${heart.doctor.id}/time-off`)).body.items).toEqual([]);
  const saved = await karim.sends('/time-off', third.fields);
  expect(saved.headers.get('location')).toBe('/time-off?done=away_saved');
});

test('[WB25] money that is given back is taken as it is written, in the currency of its payment', async () => {
  const office = web();
  await office.signsIn(await admin());
  const id = await paid('10:00');
  const path = `/admin/appointments/${id}/refund`;
  let { fields } = await read(office.opens(`/admin/appointments/${id}`), path);
  const gives = async (amount: string) => {
    const page = await read(office.sends(path, [...fields, ['amount', amount], ['currency', 'x']]), path);
    fields = page.fields;
    return page;
  };
  for (const amount of ['1,4,0,0', '10,50', '5.005', '']) {
    const { status, text } = await gives(amount);
    expect([amount, status, text]).toEqual([amount, 400, expect.stringContaining('Must be written like 1400, 1,400')]);
  }
  expect(await gives('2,000')).toMatchObject({ status: 409, text: expect.stringContaining('Give money back') });
  expect(await gives('1,400')).toMatchObject({ status: 303 });
  const { payments } = (await nadia.act('GET', `/appointments/${id}/payment`)).body;
  expect(payments).toMatchObject([{ refunded: { amount: 140_000, currency: 'BDT' } }]);
  expect((await office.sends(path, { payment: 'pm_AAAAAAAAAAAAAAAAAAAAAA', amount: '1' })).status).toBe(404);
});
