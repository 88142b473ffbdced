/** What these screens say. It comes with their code: to name it among those that are learned would be in everybody's first load. */
import { know } from '../../i18n';
import words from '../../i18n/en/account.json';

know(words);
