/** What begins once the first screen is drawn. */
import { learn } from '../i18n';
import { followReturns } from './returning';
import { keepTheWhole } from './whole';

export async function beginBehind(): Promise<void> {
  followReturns();
  // Until it is here the server's own sentence does.
  void learn(['refusals']).catch(() => undefined);
  await keepTheWhole();
}
