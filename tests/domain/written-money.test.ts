import { expect, it } from 'vitest';
import { minorUnitsIn } from '../../src/domain/written-money.ts';

it.each([
  ['1400', 'BDT', 140_000],
  ['1,400', 'BDT', 140_000],
  ['1400.5', 'BDT', 140_050],
  ['1,234,567.89', 'BDT', 123_456_789],
  ['12,34,567.89', 'INR', 123_456_789],
  ['১,৪০০.৫০', 'BDT', 140_050],
  ['8.29', 'BDT', 829],
  ['1,400', 'JPY', 1_400],
  ['1.234', 'BHD', 1_234],
])('[WB25] %s in %s is %i of its smallest part', (text, currency, amount) => {
  expect(minorUnitsIn(text, currency)).toBe(amount);
});

it.each([
  ...['1,4,0,0', '10,50', '1,40', ',400', '1,400,', '0,400', '1234,567', '1,23,45', '1.400,50', '1.', '.5', '1.2.3'],
  ...['1400.505', '1e3', '0x10', '-5', '+5', '1 400', '৳1400', '', '0', '0.00', '99999999999999999999'],
])('[WB25] "%s" is no amount', (text) => {
  expect(minorUnitsIn(text, 'BDT')).toBeNull();
  expect(minorUnitsIn('1400.5', 'JPY')).toBeNull();
});
