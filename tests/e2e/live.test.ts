import { expect, test } from 'vitest';
import { dateIn, doctor, freeSlots, patient } from './support/people.ts';
import { type Visitor, visits } from './support/visits.ts';

const slot = ({ page }: Visitor, id: string) => page.locator(`[data-slot="${id}"]`);

/** Opens the page of a doctor, and waits until it is told of what changes. */
const watches = async (visitor: Visitor, doctorId: string): Promise<void> => {
  await visitor.opens(`/doctors/${doctorId}`);
  await visitor.sees('Times change here by themselves as they are taken.');
};

test('[LV10] two look at one day: what the first holds vanishes for the second, and comes back when it is let go', async () => {
  const [{ id }, nadia] = await Promise.all([doctor({ fullName: 'Dr Rumana Haque' }), patient()]);
  const [free] = await freeSlots(nadia, id);
  if (free === undefined) throw new Error('nothing is free');
  const [first, second] = [await visits({ as: nadia }), await visits({ width: 360 })];
  await watches(first, id);
  await watches(second, id);
  await second.page.locator('[data-slot] a').first().waitFor();
  await slot(second, free.id).locator('a').focus();
  await first.follows(slot(first, free.id).locator('a'));
  await expect.poll(() => first.here).toBe(`/book/${free.id}`);
  await first.ticks(/^I agree/);
  await first.presses('Hold this time and go on');
  await slot(second, free.id).waitFor({ state: 'hidden' });
  await second.sees(/09:00 was just taken\.$/);
  await expect.poll(() => second.page.evaluate(() => document.activeElement?.textContent)).toBe('09:30');
  await second.looksSound('a time that was just taken');

  const [held] = (await nadia.asks('GET', '/appointments')).items;
  await nadia.asks('POST', `/appointments/${held.id}/cancel`, {});
  await slot(second, free.id).waitFor({ state: 'visible' });
  await second.sees(/09:00 is free again\.$/);
});

test('[LV11] a page that was cut off comes back, and knows what was taken meanwhile', async () => {
  const [{ id }, nadia] = await Promise.all([doctor({ fullName: 'Dr Tahmina Chowdhury' }), patient()]);
  const [free] = await freeSlots(nadia, id, 1);
  const reader = await visits();
  reader.expects(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  await watches(reader, id);
  await reader.page.context().setOffline(true);
  // Chromium leaves open sockets alone when it is taken off the network.
  await reader.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await nadia.asks('POST', '/appointments', { slotId: free?.id, reason: 'Check-up' });
  await reader.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await reader.sees('Not connected. Times are looked up now and then.');
  await reader.page.context().setOffline(false);
  await slot(reader, free?.id ?? '').waitFor({ state: 'hidden' });
});

test('[LV11] without scripts a link reads the times again', async () => {
  const [{ id }, nadia] = await Promise.all([doctor({ fullName: 'Dr Lubna Yasmin' }), patient()]);
  const [free] = await freeSlots(nadia, id);
  const reader = await visits({ javaScript: false });
  await reader.opens(`/doctors/${id}#times`);
  await slot(reader, free?.id ?? '').waitFor();
  await nadia.asks('POST', '/appointments', { slotId: free?.id, reason: 'Check-up' });
  // The page asks D1, which hears of it a moment later.
  await expect
    .poll(async () => {
      await reader.follows('Refresh the times');
      return slot(reader, free?.id ?? '').count();
    })
    .toBe(0);
});

test('a week is turned without loading the page, and the way back leads back', async () => {
  const { id } = await doctor({ fullName: 'Dr Nasrin Jahan' });
  const reader = await visits();
  await watches(reader, id);
  const week = () => reader.page.locator('[data-span]').textContent();
  const now = await week();
  await reader.follows('Later');
  await reader.page.waitForURL(/from=/);
  await reader.sees('Earlier');
  expect(await week()).not.toBe(now);
  await expect.poll(() => reader.page.evaluate(() => document.activeElement?.textContent)).toBe('Later');
  await reader.looksSound('a later week');
  await reader.page.goBack();
  await expect.poll(week).toBe(now);
});

test('[WB42] a day on which somebody is just booking is looked at again within seconds', async () => {
  const [karim, nadia] = await Promise.all([doctor(), patient('Nadia Islam')]);
  const [free] = await freeSlots(nadia, karim.id);
  await nadia.asks('POST', '/appointments', { slotId: free?.id, reason: 'Check-up' });
  const reader = await visits({ as: karim });
  let looks = 0;
  reader.page.on('request', (request) => {
    if (request.resourceType() === 'fetch' && request.url().includes('/day?')) looks += 1;
  });
  await expect
    .poll(async () => {
      await reader.opens(`/day?date=${dateIn(3)}`);
      return reader.page.getByText('Held', { exact: true }).count();
    })
    .toBe(1);
  // Without it the day would be looked at after twenty seconds.
  await expect.poll(() => looks, { timeout: 10_000 }).toBeGreaterThan(0);
});
