const MOMENT = 300;

/** The words go from the box into the circles: where they are now is seen, and not only said. */
export function travel(words: string, box: Element, circles: Element): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const [from, to] = [box.getBoundingClientRect(), circles.getBoundingClientRect()];
  const copy = document.createElement('p');
  copy.className = 'words';
  copy.ariaHidden = 'true';
  copy.textContent = words;
  Object.assign(copy.style, {
    position: 'fixed',
    zIndex: '2',
    left: `${from.left}px`,
    top: `${from.top}px`,
    width: `${from.width}px`,
    maxHeight: `${from.height}px`,
    padding: '0.75rem 1rem',
    overflow: 'hidden',
    pointerEvents: 'none',
  });
  document.body.append(copy);
  const { height } = copy.getBoundingClientRect();
  const across = to.left + to.width / 2 - from.left - from.width / 2;
  const down = to.top + to.height / 2 - from.top - height / 2;
  const move = copy.animate(
    [
      { opacity: 1, transform: 'none' },
      { opacity: 0.3, transform: `translate(${across}px, ${down}px) scale(0.08)` },
    ],
    { duration: MOMENT, easing: 'cubic-bezier(0.4, 0, 0.2, 1)' },
  );
  const arrive = () => copy.remove();
  move.addEventListener('finish', arrive);
  move.addEventListener('cancel', arrive);
}
