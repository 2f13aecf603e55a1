import { expect, it } from 'vitest';
import { minorOf, typedOf } from '../../src/web/typed-money.ts';

it.each([
  ['500.50', 'BDT', 50_050],
  ['8.29', 'BDT', 829],
  ['3000', 'JPY', 3_000],
  ['1.234', 'BHD', 1_234],
  ['0', 'BDT', 0],
])('[WB25] %s in a field of %s is %i of its smallest part', (text, currency, amount) => {
  expect(minorOf(text, currency)).toBe(amount);
  expect(Number(typedOf({ amount, currency }))).toBe(Number(text));
});

it.each([
  ['', 'BDT'],
  ['ten', 'BDT'],
  ['8.295', 'BDT'],
  ['100.5', 'JPY'],
  ['1e3', 'BDT'],
  ['1e-3', 'JPY'],
  ['-5', 'BDT'],
])('[WB25] "%s" is nothing that costs in %s', (text, currency) => {
  expect(minorOf(text, currency)).toBe(-1);
});
