/** A new screen is read out from its heading, unless somebody is in it already. */
export function readFrom(heading: HTMLElement | null): void {
  if (!heading || document.querySelector('main :focus')) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
