import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TAKE_OVER } from './worker-messages';
import { FakeLocks } from '../testing/pretend-locks';
import { OUTBOX_LOCK } from './locks';
import { Unsaved } from './unsaved';
import { Updates } from './updates.svelte';

/** One browser: the workers and locks that all its tabs share. */
class Browser {
  locks = new FakeLocks();
  asked: unknown[] = [];
  tabs: { workers: EventTarget; reload: ReturnType<typeof vi.fn>; updates: Updates }[] = [];
  waiting: object | null = null;
  update = vi.fn(async () => {});

  openTab(isControlled = true) {
    const workers = Object.assign(new EventTarget(), { controller: isControlled ? {} : null });
    const registration = Object.assign(new EventTarget(), {
      installing: null,
      update: this.update,
    });
    Object.defineProperty(registration, 'waiting', { get: () => this.waiting });
    const reload = vi.fn();
    const updates = new Updates({ workers, locks: this.locks, reload } as never);
    updates.watch(registration as never);
    const tab = { workers, reload, updates, registration };
    this.tabs.push(tab);
    return tab;
  }

  /** A new worker was fetched and waits. */
  offer(...tabs: { registration: EventTarget }[]) {
    const worker = Object.assign(new EventTarget(), { state: 'installed' });
    for (const { registration } of tabs) {
      Object.assign(registration, { installing: worker });
      registration.dispatchEvent(new Event('updatefound'));
    }
    this.waiting = { postMessage: (message: unknown) => this.asked.push(message) };
    worker.dispatchEvent(new Event('statechange'));
    return worker;
  }

  takeOver(): void {
    this.waiting = null;
    for (const { workers } of this.tabs) workers.dispatchEvent(new Event('controllerchange'));
  }
}

const settled = () => vi.advanceTimersByTimeAsync(0);
let browser: Browser;

beforeEach(() => {
  vi.useFakeTimers();
  browser = new Browser();
});

afterEach(() => vi.useRealTimers());

describe('a new version', () => {
  it('waits for a yes, then reloads exactly once', async () => {
    const tab = browser.openTab();
    browser.offer(tab);
    expect(tab.updates.isWaiting).toBe(true);
    expect(browser.asked).toEqual([]);
    void tab.updates.letIn();
    await settled();
    expect(browser.asked).toEqual([TAKE_OVER]);
    browser.takeOver();
    browser.takeOver();
    await settled();
    expect(tab.reload).toHaveBeenCalledOnce();
  });

  it('is no new version when it is the first one', async () => {
    const tab = browser.openTab(false);
    browser.offer(tab);
    expect(tab.updates.isWaiting).toBe(false);
    browser.takeOver();
    await settled();
    expect(tab.reload).not.toHaveBeenCalled();
  });

  it('comes back to the notice if it does not take over', async () => {
    const tab = browser.openTab();
    browser.offer(tab);
    void tab.updates.letIn();
    await settled();
    expect(tab.updates.isTakingOver).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([tab.updates.isTakingOver, tab.updates.isWaiting]).toEqual([false, true]);
    expect(await browser.locks.request(OUTBOX_LOCK, { ifAvailable: true }, Boolean)).toBe(true);
  });

  it('keeps its notice, in every tab, until the page is gone', async () => {
    const [here, other] = [browser.openTab(), browser.openTab()];
    const worker = browser.offer(here, other);
    void here.updates.letIn();
    await settled();
    browser.waiting = null;
    worker.state = 'activating';
    worker.dispatchEvent(new Event('statechange'));
    expect([here, other].map(({ updates }) => updates.isWaiting)).toEqual([true, true]);
  });

  it('is looked for when the app comes into view, and every hour', async () => {
    browser.openTab();
    document.dispatchEvent(new Event('visibilitychange'));
    expect(browser.update).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(browser.update).toHaveBeenCalledTimes(2);
  });
});

describe('somebody’s words come first', () => {
  it('refuses while letters are unsaved in another tab, and takes a later yes', async () => {
    const [here, there] = [browser.openTab(), new Unsaved(browser.locks)];
    browser.offer(here);
    there.mark('reflection/new', true);
    await settled();
    await here.updates.letIn();
    expect([here.updates.isRefused, browser.asked]).toEqual([true, []]);
    there.mark('reflection/new', false);
    await settled();
    void here.updates.letIn();
    await settled();
    expect([here.updates.isRefused, browser.asked]).toEqual([false, [TAKE_OVER]]);
  });

  it('refuses while the outbox is sending and does not end', async () => {
    const tab = browser.openTab();
    browser.offer(tab);
    let done = () => {};
    void browser.locks.request(OUTBOX_LOCK, () => new Promise<void>((resolve) => (done = resolve)));
    void tab.updates.letIn();
    await vi.advanceTimersByTimeAsync(4_000);
    expect([tab.updates.isRefused, tab.updates.isTakingOver]).toEqual([true, false]);
    expect(browser.asked).toEqual([]);
    done();
  });

  it('waits for a short sending to end', async () => {
    const tab = browser.openTab();
    browser.offer(tab);
    let done = () => {};
    void browser.locks.request(OUTBOX_LOCK, () => new Promise<void>((resolve) => (done = resolve)));
    void tab.updates.letIn();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([tab.updates.isTakingOver, browser.asked]).toEqual([true, []]);
    done();
    await settled();
    expect([tab.updates.isRefused, browser.asked]).toEqual([false, [TAKE_OVER]]);
  });

  it('lets the other tab finish its sentence, then reloads it once', async () => {
    const [here, other] = [browser.openTab(), browser.openTab()];
    const typing = new Unsaved(browser.locks);
    browser.offer(here);
    void here.updates.letIn();
    await settled();
    browser.takeOver();
    await vi.advanceTimersByTimeAsync(10_000); // the first tab is gone, and its locks with it
    expect([here.reload.mock.calls.length, other.reload.mock.calls.length]).toEqual([1, 1]);

    const third = browser.openTab();
    typing.mark('reflection/new', true);
    await settled();
    browser.takeOver(); // let in from a tab that is not among these
    await settled();
    expect(third.reload).not.toHaveBeenCalled();
    typing.mark('reflection/new', false);
    await settled();
    expect(third.reload).toHaveBeenCalledOnce();
  });
});
