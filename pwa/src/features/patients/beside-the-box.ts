import { whenIdle, whenItCan } from '../../core/idle';
import { learn } from '../../i18n';

/** What belongs to a box for words: what not to write there, and the look through what is written. It comes behind the first screen. */
export async function besideTheBox() {
  await whenIdle();
  const [beside] = await whenItCan(() =>
    Promise.all([import('./BesideTheBox.svelte'), learn(['mine'])]),
  );
  return beside.default;
}
