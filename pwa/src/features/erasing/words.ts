/** What is said of being erased. It comes with its screens, and costs nobody else anything. */
import { know } from '../../i18n';
import words from '../../i18n/en/erasing.json';

know(words);
