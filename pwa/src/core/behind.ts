/** What begins once the first screen is drawn. */
import { followReturns } from './returning';
import { keepTheWhole } from './whole';

export async function beginBehind(): Promise<void> {
  followReturns();
  await keepTheWhole();
}
