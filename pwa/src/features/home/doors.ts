/** Which rooms a cohort has, in the order in which its home shows them: one line each. */
import { about, people, type Door } from '../cohorts/doors';
import { contract } from '../contract/door';

export const DOORS: readonly Door[] = [contract, people, about];
