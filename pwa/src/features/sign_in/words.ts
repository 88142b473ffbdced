/** What the door says. It comes with its code, so that no first visit waits for it apart. */
import { know } from '../../i18n';
import words from '../../i18n/en/sign-in.json';

know(words);
