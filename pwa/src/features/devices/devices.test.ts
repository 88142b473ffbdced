import { beforeEach, describe, expect, test, vi } from 'vitest';
import { PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../../testing/pretend-tab';
import { NEWER_KEY, PretendBrowser, PretendDevices } from '../../testing/pretend-push';

let server: PretendServer;
let list: PretendDevices;
let browser: PretendBrowser;

beforeEach(() => {
  document.body.replaceChildren();
  newPhone();
  server = new PretendServer();
  list = new PretendDevices();
  server.faults = [list.answer];
  server.plugIn();
  browser = new PretendBrowser();
  browser.plugIn();
});

/** The app, opened once more. */
async function open() {
  const tab = await signedInTab();
  const { devices } = await import('./devices.svelte');
  const { reconcile } = await import('./reconcile');
  const { readThisDevice, sayAnew } = await import('../../store/subscription');
  const { phone } = tab.session;
  return {
    devices,
    session: tab.session,
    here: () => readThisDevice(phone),
    tomorrow: () => sayAnew(phone).then(reconcile),
  };
}

/** The app on a device on which notifications are on. */
async function turnedOn() {
  const app = await open();
  browser.answers = ['granted'];
  await app.devices.prepare();
  expect(await app.devices.turnOn()).toBe(true);
  expect(app.devices.state).toBe('on');
  return { ...app, id: (await app.here()).id };
}

const puts = () => server.seen.filter(({ method }) => method === 'PUT').map(({ body }) => body);
const reachedAt = (id: string) => list.known.get(id)?.endpoint;

describe('what the server does not know any more', () => {
  test('is subscribed anew under the same wish: after a 410, a restore, a session that ran out', async () => {
    const { id, here, tomorrow } = await turnedOn();
    list.known.clear();
    expect(await tomorrow()).toBe('say');
    expect((await here()).wish).toBe('on');
    expect(browser.subscribed).toBe(2);
    expect(reachedAt(id)).toBe(browser.subscription!.endpoint);
    expect(await tomorrow()).toBe('say');
    expect(browser.subscribed, 'once is enough').toBe(2);
  });

  test('stays off where its owner removed it on another device', async () => {
    const { id, here, tomorrow, devices } = await turnedOn();
    list.known.clear();
    list.removed.add(id);
    await tomorrow();
    await tomorrow();
    expect((await here()).wish).toBe('off');
    expect(browser.subscription).toBeNull();
    expect(list.known.size).toBe(0);
    await devices.load();
    expect(devices.state).toBe('off');
  });

  test('until it is turned on there again', async () => {
    const { id, tomorrow, devices } = await turnedOn();
    list.known.clear();
    list.removed.add(id);
    await tomorrow();
    browser.answers = ['granted', 'granted'];
    await devices.prepare();
    expect(await devices.turnOn()).toBe(true);
    expect(reachedAt(id)).toBe(browser.subscription!.endpoint);
  });

  test('is subscribed with the newest key in one start', async () => {
    const { id, tomorrow, here } = await turnedOn();
    list.key = NEWER_KEY;
    await tomorrow();
    expect((await here()).key).toBe(NEWER_KEY);
    expect(reachedAt(id)).toBe(browser.subscription!.endpoint);
    expect(browser.subscribed).toBe(2);
  });

  test('what could not be finished is finished at the next start', async () => {
    const { id, tomorrow } = await turnedOn();
    list.key = NEWER_KEY;
    server.faults = [({ path }) => (path === '/api/push/key' ? 'lost request' : null), list.answer];
    await tomorrow();
    expect(browser.subscription).toBeNull();
    server.faults = [list.answer];
    await tomorrow();
    expect(reachedAt(id)).toBe(browser.subscription!.endpoint);
  });

  test('a start at which all is well costs one request a day, and says that nobody has just tapped', async () => {
    const { tomorrow } = await turnedOn();
    expect(puts().map((body) => body!.still_here)).toEqual([false]);
    await tomorrow();
    expect(puts().map((body) => body!.still_here)).toEqual([false, true]);
  });
});

describe('the screen says one thing', () => {
  test('a device that the list lacks is put in order, on the same day', async () => {
    const { id, devices } = await turnedOn();
    list.known.clear();
    await devices.load();
    expect(devices.state).toBe('on');
    expect(devices.items.map((one) => one.id)).toEqual([id]);
  });

  test('where that fails it does not say that they are on', async () => {
    const { devices } = await turnedOn();
    list.known.clear();
    list.isDown = true;
    await devices.load();
    expect(devices.state).toBe('unheard');
    list.isDown = false;
    await devices.load();
    expect(devices.state).toBe('on');
  });

  test('where the browser took the permission back, the list does not say that notifications come here', async () => {
    const { id, devices, here } = await turnedOn();
    browser.permission = 'default';
    browser.subscription = null;
    await devices.load();
    expect([devices.state, devices.items]).toEqual(['off', []]);
    expect((await here()).id).toBe(id);
    browser.permission = 'granted';
    const { reconcile } = await import('./reconcile');
    void reconcile(); // as the start does
    await devices.load();
    expect(devices.state).toBe('on');
    expect(devices.items.map((one) => one.id)).toEqual([id]);
    expect(browser.subscribed).toBe(2);
  });

  test('without signal it says what was so', async () => {
    const { devices } = await turnedOn();
    server.faults = [() => 'lost request'];
    await devices.load();
    expect(devices.state).toBe('on');
  });
});

describe('the browser asks', () => {
  test('and waved away it is asked again by the next tap', async () => {
    const { devices } = await open();
    browser.answers = ['waved away', 'granted'];
    await devices.prepare();
    void devices.turnOn();
    await settled();
    expect(devices.isAsking).toBe(true);
    expect(devices.isBusy).toBe(false);
    await devices.prepare();
    expect(await devices.turnOn()).toBe(true);
    expect(browser.asked).toBe(2);
    expect(devices.isAsking).toBe(false);
    expect(devices.state).toBe('on');
  });

  test('an answer to a question that was asked twice counts once', async () => {
    const { devices } = await open();
    browser.answers = ['waved away', 'waved away'];
    await devices.prepare();
    void devices.turnOn();
    void devices.turnOn();
    await settled();
    browser.pending.forEach((answer) => answer('granted'));
    await vi.waitFor(() => expect(devices.state).toBe('on'));
    await settled();
    expect(browser.subscribed).toBe(1);
    expect(list.known.size).toBe(1);
  });

  test('a late “no” to an earlier question says nothing of the one that is open', async () => {
    const { devices } = await open();
    browser.answers = ['waved away', 'waved away'];
    await devices.prepare();
    void devices.turnOn();
    void devices.turnOn();
    await settled();
    browser.pending[0]!('default');
    await settled();
    expect([devices.isAsking, devices.trouble]).toEqual([true, null]);
    browser.pending[1]!('granted');
    await vi.waitFor(() => expect(devices.state).toBe('on'));
  });

  test('an answer that comes when somebody has left counts for nobody', async () => {
    const { devices, session } = await open();
    await devices.prepare();
    void devices.turnOn();
    await settled();
    const { forgetSignedIn } = await import('../../store/device-leaving');
    await forgetSignedIn();
    await session.left();
    browser.pending.forEach((answer) => answer('granted'));
    await settled();
    expect(browser.subscribed).toBe(0);
  });

  test('and the screen says so, with a way to be asked again', async () => {
    const { devices } = await open();
    await devices.load();
    const { flushSync, mount } = await import('svelte');
    const { default: PushHere } = await import('./PushHere.svelte');
    await (await import('../../i18n')).learn(['devices']);
    mount(PushHere, { target: document.body });
    await devices.prepare();
    void devices.turnOn();
    flushSync();
    expect(document.querySelector('[role=status]')!.textContent).toContain('asking now');
    const button = [...document.querySelectorAll('button')].find((one) =>
      one.textContent!.includes('Turn on notifications'),
    )!;
    expect(button.getAttribute('aria-busy') ?? 'false').toBe('false');
    expect(button.disabled).toBe(false);
  });
});

describe('a test that the push service answers with 410', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'], shouldAdvanceTime: true });
    return () => void vi.useRealTimers();
  });

  async function tested(app: Awaited<ReturnType<typeof turnedOn>>, id: string) {
    list.says = 410;
    const done = app.devices.test(id);
    await vi.advanceTimersByTimeAsync(2000);
    await done;
  }

  test('signs this device up anew', async () => {
    vi.useRealTimers();
    const app = await turnedOn();
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'], shouldAdvanceTime: true });
    await tested(app, app.id);
    expect(app.devices.trials[app.id]).toBe('renewed');
    expect(app.devices.state).toBe('on');
    expect(browser.subscribed).toBe(2);
    expect(reachedAt(app.id)).toBe(browser.subscription!.endpoint);
  });

  test('takes another one off the list, and says so', async () => {
    vi.useRealTimers();
    const app = await turnedOn();
    list.known.set('0192cccc-0000-7000-8000-000000000003', { label: 'My tablet', endpoint: 'x' });
    await app.devices.load();
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'], shouldAdvanceTime: true });
    await tested(app, '0192cccc-0000-7000-8000-000000000003');
    expect(app.devices.left).toBe('My tablet');
    expect(app.devices.items.map((one) => one.id)).toEqual([app.id]);
  });
});

test('the question in our own words names every kind that comes', async () => {
  const { mount } = await import('svelte');
  const { KINDS } = await import('./notice-kinds');
  const { t } = await import('../../i18n');
  const { default: AskSheet } = await import('./AskSheet.svelte');
  await (await import('../../i18n')).learn(['devices']);
  mount(AskSheet, { target: document.body, props: { open: true } });
  const said = document.body.textContent!;
  expect(KINDS).toHaveLength(9);
  for (const kind of KINDS) expect(said).toContain(t(`devices.ask.kind.${kind}`));
  expect(said, 'any of them, not all at once').toContain(
    'a question comes for you or a reminder of your cohort’s is due.',
  );
});

test('what comes by e-mail while no device takes notifications is said once, and as it is', async () => {
  const { devices } = await open();
  await devices.load();
  const { mount } = await import('svelte');
  const [{ default: PushHere }, { default: DeviceList }, { default: Ways }] = await Promise.all([
    import('./PushHere.svelte'),
    import('./DeviceList.svelte'),
    import('../rhythm/Ways.svelte'),
  ]);
  await (await import('../../i18n')).learn(['devices', 'rhythm']);
  const { KINDS } = await import('./notice-kinds');
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, ['push']]));
  mount(PushHere, { target: document.body });
  mount(Ways, { target: document.body, props: { value: { kinds } as never, onchange: () => {} } });
  mount(DeviceList, { target: document.body });
  const said = document.body.textContent!;
  expect(said.match(/a mail|e-mail can/gi)).toHaveLength(1);
  expect(said.match(/No device of yours/g)).toHaveLength(1);
  expect(said).toContain('also where Mail is not chosen');
});
