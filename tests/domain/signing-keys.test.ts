import { describe, expect, it } from 'vitest';
import { newSigningKey, rotated, type VerifyingKey } from '../../src/cli/signing-keys.ts';

const minute = 60_000;
const at = Date.parse('2026-11-21T15:30:00Z');
const kids = (keys: readonly VerifyingKey[]) => keys.map(({ kid }) => kid);

describe('rotating the keys that sign access tokens', () => {
  it('[ID37] a fresh key signs, and its kid tells when it was made', () => {
    const [one, two] = [newSigningKey(at), newSigningKey(at)];
    expect(one.kid).toMatch(/^20261121T153000Z-[0-9a-f]{8}$/);
    expect([one.kid === two.kid, one.d === two.d]).toEqual([false, false]);
  });

  it('[ID37] the one before goes on verifying, by its public half alone', () => {
    const old = newSigningKey(at);
    const fresh = newSigningKey(at + 60 * minute);
    const [first, second, ...more] = rotated([old], fresh, at + 60 * minute);
    expect(first).toEqual(fresh);
    expect(second).toEqual({ kty: 'EC', crv: 'P-256', x: old.x, y: old.y, kid: old.kid });
    expect(more).toEqual([]);
  });

  it('[ID37] those before that go, once no token of theirs can be good any more', () => {
    const [first, second, third] = [newSigningKey(at), newSigningKey(at + minute), newSigningKey(at + 2 * minute)];
    const hasty = rotated([second, first], third, at + 2 * minute);
    expect(kids(hasty)).toEqual([third.kid, second.kid, first.kid]);
    const fresh = newSigningKey(at + 22 * minute);
    expect(kids(rotated(hasty, fresh, at + 21 * minute))).toEqual([fresh.kid, third.kid, second.kid, first.kid]);
    expect(kids(rotated(hasty, fresh, at + 22 * minute))).toEqual([fresh.kid, third.kid]);
  });

  it('[ID37] keys whose kid tells no time are taken for old', () => {
    const old = [
      { ...newSigningKey(at), kid: 'now' },
      { ...newSigningKey(at), kid: 'before' },
    ];
    const fresh = newSigningKey(at);
    expect(kids(rotated(old, fresh, at))).toEqual([fresh.kid, 'now']);
    expect(rotated([], fresh, at)).toEqual([fresh]);
  });
});
