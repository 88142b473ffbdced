// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { nextStep, type Beliefs } from './decide';

const ON: Beliefs = {
  permission: 'granted',
  wish: 'on',
  hasSubscription: true,
  hasKey: true,
  isKnown: true,
  isSame: true,
  isSaidToday: true,
};
const NOTHING_HERE = { hasSubscription: false, isKnown: false, isSame: false };

describe('the one step at a start', () => {
  it.each<[string, Partial<Beliefs>, string]>([
    ['all is well', {}, 'nothing'],
    ['the first start of a day', { isSaidToday: false }, 'say'],
    ['the browser has changed the subscription', { isSame: false }, 'say'],
    ['the server never heard of it', { isSame: false, isKnown: false }, 'say'],
    [
      'the browser has dropped the subscription',
      { hasSubscription: false, isSame: false },
      'subscribe',
    ],
    [
      'the key went out of use',
      { hasKey: false, hasSubscription: false, isSame: false },
      'ask key',
    ],
    [
      'the permission was taken away',
      { permission: 'denied', ...NOTHING_HERE, isKnown: true },
      'stop',
    ],
    ['taken away, and the server knows', { permission: 'denied', ...NOTHING_HERE }, 'nothing'],
    ['never wanted', { wish: 'off', permission: 'default', ...NOTHING_HERE }, 'nothing'],
    ['never wanted here, although the site may', { wish: 'off', ...NOTHING_HERE }, 'nothing'],
    ['turned off without signal', { wish: 'off', hasSubscription: false, isSame: false }, 'stop'],
    ['turned off, and a subscription came back by itself', { wish: 'off', isKnown: false }, 'stop'],
  ])('%s', (_name, change, step) => {
    expect(nextStep({ ...ON, ...change })).toBe(step);
  });

  it('never undoes an opt-out, whatever the browser and the server believe', () => {
    const either = [true, false];
    for (const hasSubscription of either)
      for (const isKnown of either)
        for (const isSame of either)
          for (const permission of ['granted', 'denied', 'default'] as const) {
            const step = nextStep({
              ...ON,
              wish: 'off',
              hasSubscription,
              isKnown,
              isSame,
              permission,
            });
            expect(['nothing', 'stop']).toContain(step);
          }
  });
});
