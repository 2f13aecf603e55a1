import { describe, expect, test } from 'vitest';
import { type ClinicResource, chooseResources, resourceKind } from '../../src/domain/resources.ts';

const resource = (kind: string, name: string): ClinicResource => ({ id: `rs_${name}`, kind, name });
const rooms = [resource('room', '2'), resource('room', '1'), resource('probe', '9')];
const none = new Set<string>();

describe('kinds', () => {
  test.for([
    ['Procedure Room', 'procedure-room'],
    ['  ULTRA  sound ', 'ultra-sound'],
    ['ＭＲＩ', 'mri'],
    ['এক্স-রে', 'এক্স-রে'],
    ['--x--', 'x'],
  ])('[RM12] %s is %s', ([text, kind]) => {
    expect(resourceKind(text as string)).toBe(kind);
  });

  test.for(['', ' - ', '🙂', 'x'.repeat(41)])('[RM12] "%s" is no kind', (text) => {
    expect(resourceKind(text)).toBe(null);
  });
});

describe('choosing', () => {
  test('[RM2] one of each kind is chosen, the first by name', () => {
    expect(chooseResources(['probe', 'room'], rooms, none)).toEqual({
      ok: true,
      value: [resource('probe', '9'), resource('room', '1')],
    });
  });

  test('[RM4] when one kind is all taken, nothing is chosen and the kind is named', () => {
    expect(chooseResources(['room', 'probe'], rooms, new Set(['rs_9']))).toEqual({
      ok: false,
      refusal: { kind: 'probe' },
    });
    expect(chooseResources(['chair'], rooms, none)).toEqual({ ok: false, refusal: { kind: 'chair' } });
  });
});
