// For tests: every sentence is there, whichever screen it comes with.
import { know, learn, type Feature } from '.';
import { later } from './en/later';
import titles from './en/titles.json';

know(titles);
await learn(Object.keys(later) as Feature[]);
