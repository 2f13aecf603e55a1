import { expect, test } from 'vitest';
import { columnsOf, fieldsOf, rowOf } from '../../src/domain/interaction-rows.ts';
import { hitsOf, type Pair, type Subject } from '../../src/domain/interactions.ts';
import { canonical, drugCode } from '../../src/domain/prescription.ts';
import { classesOf } from '../../src/http/rate-classes.ts';

const subject = (from: Subject['from'], name: string): Subject => ({ from, name, code: drugCode(name) });
const pair = (a: string, b: string, severity: Pair['severity']): Pair => ({ a, b, severity, text: 'x', source: null });
const is = (code: string, concept: string, isClass = false) => ({ code, concept, isClass });

test('[RX7] what is written meets everything else once, and what is there already does not meet itself', () => {
  const pairs = [pair('a', 'b', 'moderate'), pair('b', 'c', 'severe'), pair('a', 'a', 'minor')];
  const subjects = [subject('item', 'a'), subject('item', 'b'), subject('profile', 'b'), subject('profile', 'c')];
  const found = hitsOf(subjects, [], pairs).map(({ severity, key }) => `${severity} ${key}`);
  expect(found).toEqual(['severe interaction:b+c', 'moderate duplicate:b+b', 'moderate interaction:a+b']);
});

test('[RX7] of what several sources say of two medicines the worst counts, and classes are no duplicates', () => {
  const meanings = [is('x', 'class', true), is('y', 'class', true), is('y', 'z')];
  const pairs = [pair('class', 'x', 'minor'), pair('x', 'z', 'severe'), pair('x', 'z', 'minor')];
  const found = hitsOf([subject('item', 'x'), subject('prescription', 'y')], meanings, pairs);
  expect(found.map(({ kind, severity }) => [kind, severity])).toEqual([['interaction', 'severe']]);
});

test('[RX7] a name is found with or without how much of it there is', () => {
  expect(
    ['Amoxicillin 500 mg', 'AMOXICILLIN capsules', 'amoxicillin', 'Amoxicillin 250mg/5ml syrup'].map(drugCode),
  ).toEqual(Array.from({ length: 4 }, () => 'amoxicillin'));
  expect(drugCode('Co-trimoxazole')).toBe('co trimoxazole');
  expect(drugCode('Vitamin B12')).toBe('vitamin b12');
});

test('[RX2] a prescription has one text, in whatever order its parts were put together', () => {
  expect(canonical({ b: [2, { d: null, c: 'x' }], a: 1 })).toBe('{"a":1,"b":[2,{"c":"x","d":null}]}');
});

test('[RX11] a line of a file is read as RFC 4180 has it, or said to be wrong', () => {
  const columns = columnsOf('\ufeffSeverity,a,b,text');
  if (typeof columns === 'string') throw new Error(columns);
  expect(rowOf('severe,Zeta,"Al""pha","one, two"', columns)).toEqual({
    ...{ a: 'al pha', b: 'zeta', severity: 'severe', text: 'one, two', source: null },
  });
  const wrong = [
    'severe,a,b',
    'severe,a,b,c,d',
    'fatal,a,b,c',
    'severe,,b,c',
    'severe,a,b,',
    'severe,"a,b,c',
    'severe,a"x,b,c',
  ];
  expect(wrong.filter((line) => typeof rowOf(line, columns) !== 'string')).toEqual([]);
  expect(
    ['a,b,severity', 'a,b,severity,text,who', 'a,a,b,severity,text', ''].filter(
      (h) => typeof columnsOf(h) !== 'string',
    ),
  ).toEqual([]);
  expect(fieldsOf('"",x,')).toEqual(['', 'x', '']);
});

test('[RX16] an address tries codes no faster than passwords, and looks no faster than it searches', () => {
  const paths = [
    '/rx/:token',
    '/api/v1/verified-prescriptions/:token',
    '/api/v1/verified-prescriptions/:token/dispense',
  ];
  expect(paths.map((path) => classesOf('POST', path).address)).toEqual(['auth', 'auth', 'auth']);
  expect(paths.map((path) => classesOf('GET', path).address)).toEqual(['search', 'search', 'search']);
});
