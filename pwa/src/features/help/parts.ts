/** What Help and privacy says, part by part, in the order in which somebody wary would ask. */
import { know, type Key } from '../../i18n';
import words from '../../i18n/en/help.json';

know(words);

export const PARTS = {
  talk: ['help.talk.nobody-reads', 'help.talk.danger'],
  sees: [
    'help.sees.mine',
    'help.sees.shared',
    'help.sees.later',
    'help.sees.back',
    'help.sees.facilitator',
    'help.sees.feedback',
    'help.sees.profile',
    'help.sees.check-ins',
  ],
  patients: [
    'help.patients.nobody',
    'help.patients.signs',
    'help.patients.others',
    'help.patients.yourself',
    'help.patients.phone',
    'help.patients.too-much',
  ],
  server: [
    'help.server.sealed',
    'help.server.keys',
    'help.server.clear',
    'help.server.check-ins',
    'help.server.not-kept',
  ],
  law: ['help.law.privilege', 'help.law.court', 'help.law.notebook', 'help.law.rights'],
  others: [
    'help.others.push',
    'help.others.push-more',
    'help.others.push-not',
    'help.others.mail',
    'help.others.nobody-else',
  ],
  phone: [
    'help.phone.what',
    'help.phone.sealed',
    'help.phone.out',
    'help.phone.cookie',
    'help.phone.back',
    'help.phone.lost',
  ],
  kept: [
    'help.kept.words',
    'help.kept.backups',
    'help.kept.both',
    'help.kept.cohort',
    'help.kept.times',
    'help.kept.never',
  ],
} as const satisfies Record<string, readonly Key[]>;

export type Part = keyof typeof PARTS;
