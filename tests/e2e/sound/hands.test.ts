import { expect, test } from 'vitest';
import { visits } from '../support/visits.ts';

/** What is done by the keyboard on a page of nothing but this. */
const typedOn = async (body: string): Promise<string> => {
  const visitor = await visits();
  await visitor.page.setContent(`<main>${body}</main>`);
  return visitor.presses('Go').then(
    () => visitor.page.title(),
    (error: Error) => error.message,
  );
};
const button = (more: string, text = 'Go'): string =>
  `<button onclick="document.title='Gone'" ${more}>${text}</button>`;

test('[WB17] a button is pressed by the keyboard', async () => {
  expect(
    await typedOn(`${button('', 'Stay')}<input type="radio" name="a"><input type="radio" name="a">${button('')}`),
  ).toBe('Gone');
});

test.each([
  ['cannot be reached', button('tabindex="-1"'), 'the keyboard does not lead to'],
  ['shows no focus', button('style="outline: none"'), 'does not show that it has the focus'],
  [
    'is covered',
    `${button('')}<div style="position: fixed; inset: 0; background: white"></div>`,
    'is covered or out of sight',
  ],
])('[WB17] a button that %s is found', async (_, body, said) => {
  expect(await typedOn(body)).toContain(said);
});
