// For tests: every sentence is there, whichever screen it comes with.
import { learn, type Feature } from '.';
import { later } from './en';

await learn(Object.keys(later) as Feature[]);
