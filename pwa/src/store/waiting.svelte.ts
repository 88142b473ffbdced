import { t } from '../i18n';

/** A sentence, and where it leads. */
export interface Line {
  words: string;
  href: string;
}

/** What waits for me, for Today and the tabs to show. */
class Waiting {
  /** Notices that I have not seen: the number on Today, in the inbox and on the app's sign. */
  count = $state(0);
  /** Who waits, first of all on Today. */
  line = $state.raw<Line | null>(null);
  /** A newcomer's first steps stand on Today, below what one writes in. */
  hasFirstSteps = $state(false);
  /** Other tabs where something waits, by their hrefs: in words. */
  elsewhere = $state.raw<Record<string, string>>({});

  /** "3 new" */
  get news(): string {
    return this.count ? t('shell.waiting', { count: this.count }) : '';
  }

  /** What waits at a tab, in words; empty where nothing does. */
  at(href: string): string {
    return href === '/' ? this.news : (this.elsewhere[href] ?? '');
  }
}

export const waiting = new Waiting();
