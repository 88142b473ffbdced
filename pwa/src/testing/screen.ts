/** For tests: screens, taken down at the end of each test, so that what they still fetch finds no other tab. */
import type { Component } from 'svelte';
import { afterEach } from 'vitest';

let shown: (() => Promise<void>)[] = [];

/** Put a screen onto the page, beside those that stand there. Each tab has modules of its own, Svelte's among them. */
export async function show(Screen: Component<any>, props: object = {}): Promise<void> {
  const { mount, unmount } = await import('svelte');
  const mounted = mount(Screen, { target: document.body, props });
  shown.push(() => unmount(mounted));
}

/** Leave what is shown. */
export async function takeDown(): Promise<void> {
  await Promise.all(shown.splice(0).map((leave) => leave()));
}

afterEach(takeDown);
