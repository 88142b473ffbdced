import { describe, expect, it, vi } from 'vitest';
import { writeFact } from '../store/facts';
import { GO_TO } from '../core/worker-messages';
import { notificationFrom, onPush, onTap, pathIn } from './push';

vi.mock('../store/facts', () => ({ writeFact: vi.fn(async () => undefined) }));

const ORIGIN = 'https://alongside.example.org';
const payload = (notification: object, more: object = {}) =>
  JSON.stringify({ web_push: 8030, notification, ...more });

describe('a message of ours', () => {
  const text = payload(
    {
      title: 'Alongside',
      body: 'Something was shared with you.',
      navigate: `${ORIGIN}/reflections/1?notice=2`,
      tag: 'reflection-1',
      lang: 'en-GB',
      data: { kind: 'shared', notice: '2' },
    },
    { app_badge: 3 },
  );

  it('is shown as it says', () => {
    const { title, options, badge } = notificationFrom(text, ORIGIN);
    expect([title, options.body, options.tag, badge]).toEqual([
      'Alongside',
      'Something was shared with you.',
      'reflection-1',
      3,
    ]);
    expect(options.data.path).toBe('/reflections/1?notice=2');
  });
});

describe('any bytes', () => {
  it.each<[string, string | null]>([
    ['none', null],
    ['empty', ''],
    ['no JSON', '\u0000\ufffdhello'],
    ['a number', '8030'],
    ['a list', '[1, 2]'],
    ['null', 'null'],
    ['an unknown shape', '{"hello": "world"}'],
    ['a notification that is none', '{"notification": 5}'],
    ['no title', payload({ body: 7, title: '' })],
    ['another’s address', payload({ title: 'x', navigate: 'https://elsewhere.example/steal' })],
    ['a script as an address', payload({ title: 'x', navigate: 'javascript:alert(1)' })],
    ['an address that is none', payload({ title: 'x', navigate: 'https://[' })],
    ['an endless title', payload({ title: 'x'.repeat(4000), body: 'y'.repeat(4000) })],
  ])('give exactly one notification: %s', async (_name, text) => {
    const showNotification = vi.fn(
      async (_title: string, _options?: NotificationOptions) => undefined,
    );
    await onPush(text === null ? null : { text: () => text }, { showNotification }, ORIGIN);
    expect(showNotification).toHaveBeenCalledOnce();
    const [title, options] = showNotification.mock.calls[0]!;
    expect(title).toBeTruthy();
    expect(title.length + (options?.body?.length ?? 0)).toBeLessThanOrEqual(400);
    expect(options?.data).toEqual({ path: '/notices' });
  });

  it('give one also when they cannot even be read, or shown as they say', async () => {
    const showNotification = vi.fn(async () => undefined);
    const data = {
      text: () => {
        throw new TypeError('not text');
      },
    };
    await onPush(data, { showNotification }, ORIGIN);
    expect(showNotification).toHaveBeenCalledOnce();

    showNotification.mockRejectedValueOnce(new TypeError('no such option'));
    await onPush({ text: () => '' }, { showNotification }, ORIGIN);
    expect(showNotification).toHaveBeenCalledTimes(3);
  });
});

describe('a tap', () => {
  function windows(...open: { focused: boolean }[]) {
    const all = open.map((one) => ({
      ...one,
      focus: vi.fn(async () => undefined),
      postMessage: vi.fn(),
    }));
    return { all, matchAll: async () => all, openWindow: vi.fn(async () => null) };
  }

  it('opens a window where there is none', async () => {
    const clients = windows();
    await onTap('/notices', clients);
    expect(clients.openWindow).toHaveBeenCalledExactlyOnceWith('/notices');
    expect(writeFact).toHaveBeenCalledWith('way', expect.objectContaining({ path: '/notices' }));
  });

  it('uses the window that is open, and of several the one in view', async () => {
    const clients = windows({ focused: false }, { focused: true });
    await onTap('/mine/1', clients);
    expect(clients.openWindow).not.toHaveBeenCalled();
    expect(clients.all[0]!.postMessage).not.toHaveBeenCalled();
    expect(clients.all[1]!.postMessage).toHaveBeenCalledExactlyOnceWith({ [GO_TO]: '/mine/1' });
    expect(clients.all[1]!.focus).toHaveBeenCalledOnce();
  });

  it('never leads anywhere else', () => {
    expect(pathIn('https://elsewhere.example/', ORIGIN)).toBe('/notices');
    expect(pathIn('//elsewhere.example/x', ORIGIN)).toBe('/notices');
    expect(pathIn('/mine/1?notice=2', ORIGIN)).toBe('/mine/1?notice=2');
  });
});
