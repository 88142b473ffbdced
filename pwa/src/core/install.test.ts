import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Install } from './install.svelte';
import { wayToInstall } from './install-steps';
import { askToInstall, dismissInstall, installWay, offerAfterFirstKeep } from './installing';

const SAFARI_26 =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';
const SAFARI_17 = SAFARI_26.replace('Version/26.0', 'Version/17.5');
const CHROME_IOS = SAFARI_26.replace('Version/26.0', 'CriOS/140.0');
const IPAD =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15';
const CHROME_MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const FIREFOX_ANDROID = 'Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0';
const FIREFOX_LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';

describe('the way onto the home screen', () => {
  it.each([
    ['Safari 26 on an iPhone', SAFARI_26, 5, 'ios'],
    ['an older Safari', SAFARI_17, 5, 'ios-older'],
    ['Chrome on an iPhone', CHROME_IOS, 5, 'ios-other'],
    ['Safari 26 on an iPad that says it is a Mac', IPAD, 5, 'ios'],
    ['Safari on a Mac', IPAD, 0, 'mac-safari'],
    ['Chrome on a Mac before its own question came', CHROME_MAC, 0, 'desktop-menu'],
    ['Firefox on Android', FIREFOX_ANDROID, 5, 'android-menu'],
    ['Firefox on a desk', FIREFOX_LINUX, 0, null],
  ])('%s', (_name, userAgent, maxTouchPoints, way) => {
    expect(wayToInstall({ userAgent, maxTouchPoints }, false)).toBe(way);
  });

  it('is the browser’s own question wherever there is one', () => {
    expect(wayToInstall({ userAgent: CHROME_MAC, maxTouchPoints: 0 }, true)).toBe('prompt');
  });
});

describe('offering help', () => {
  const DAY = 24 * 60 * 60_000;
  const now = Date.parse('2026-11-22T10:00:00Z');
  let install: Install;

  function promptAnswering(outcome: string): { event: Event; prompt: ReturnType<typeof vi.fn> } {
    const prompt = vi.fn(async () => ({ outcome }));
    return {
      event: Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt }),
      prompt,
    };
  }

  beforeEach(() => {
    localStorage.clear();
    install = new Install();
    install.watch();
  });

  it('never happens by itself', () => {
    const { event, prompt } = promptAnswering('accepted');
    dispatchEvent(event);
    expect([event.defaultPrevented, install.isOffered]).toEqual([true, false]);
    expect(prompt).not.toHaveBeenCalled();
  });

  it('happens after words were kept, and once dismissed not for 30 days', () => {
    dispatchEvent(promptAnswering('accepted').event);
    offerAfterFirstKeep(now, install);
    expect(install.isOffered).toBe(true);
    dismissInstall(now, install);
    offerAfterFirstKeep(now + 29 * DAY, install);
    expect(install.isOffered).toBe(false);
    offerAfterFirstKeep(now + 30 * DAY, install);
    expect(install.isOffered).toBe(true);
  });

  it('counts a no to the browser’s question as not now', async () => {
    const { event, prompt } = promptAnswering('dismissed');
    dispatchEvent(event);
    await askToInstall(install);
    expect(prompt).toHaveBeenCalledOnce();
    offerAfterFirstKeep(Date.now(), install);
    expect(install.isOffered).toBe(false);
  });

  it('does not happen where the app is installed', () => {
    dispatchEvent(promptAnswering('accepted').event);
    dispatchEvent(new Event('appinstalled'));
    offerAfterFirstKeep(now, install);
    expect([installWay(install), install.isOffered]).toEqual([null, false]);
  });
});
