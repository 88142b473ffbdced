/**
 * The serif comes to the phone behind the first visit's first screen, with the other parts, and is used from the next
 * visit on. Sooner it would be in the way of the first screen; later in a visit it would move words that stand there.
 */
export function takeSerif(): void {
  // A worker looks after this page: it is not the first visit. Development has no worker, and no slow line either.
  if (!import.meta.env.DEV && !navigator.serviceWorker?.controller) return;
  document.documentElement.dataset.serif = '';
  void document.fonts.load('1em Literata');
}
