/** What notifications need of an open app: loaded once the first screen stands. */
import { untrack } from 'svelte';
import { addressWithout } from '../../core/address';
import { whileLooking } from '../../core/looking';
import { reading } from '../../core/reading.svelte';
import { router } from '../../core/router.svelte';
import { readFact, writeFact } from '../../store/facts';
import { session } from '../../store/session.svelte';
import { GO_TO } from '../../core/worker-messages';
import { cohorts } from '../cohorts/cohorts.svelte';
import { reconcile } from '../devices/reconcile';
import { notices, type Unseen } from './notices.svelte';

/** A tap longer ago than this was on another day's errand, in ms. */
const FRESH = 60_000;

let hasBegun = false;

/** For each person who arrives. What listens is set up once. */
export function begin(): void {
  void reconcile();
  if (hasBegun) return;
  hasBegun = true;
  navigator.serviceWorker?.addEventListener('message', (event: MessageEvent) => {
    const path: unknown = event.data?.[GO_TO];
    if (typeof path === 'string') void goTo(path);
  });
  whileLooking(() => void look().catch(() => undefined));
  $effect.root(() => {
    $effect(() => {
      const { query } = router;
      untrack(() => follow(query));
    });
    // A phone that does not know the cohort yet hears of it later.
    const cohortId = $derived(cohorts.named?.id);
    $effect(() => {
      if (cohortId) untrack(() => void cohorts.choose(cohortId).catch(() => undefined));
    });
    $effect(() => {
      const read = notices.unseen.filter(isBeforeMyEyes).map(({ id }) => id);
      untrack(() => void notices.see(read).catch(() => undefined));
    });
  });
}

/** Whether what a notice tells of is on the screen. Of questions, whichever day's: Today asks its own. */
function isBeforeMyEyes({ path, also_at, since }: Unseen): boolean {
  if (path === '/' || path.startsWith('/?prompt=')) return router.path === '/';
  const shown = [...reading.values()];
  return shown.some(({ at, moment }) => (at === path || at === also_at) && moment >= since);
}

async function look(): Promise<void> {
  if (session.state !== 'signed_in') return;
  const way = await readFact<{ path: string; at: number }>('way');
  if (way) await (Date.now() - way.at < FRESH ? goTo(way.path) : writeFact('way', null));
  await notices.count();
}

/** Where a tapped notification leads, in this window. */
async function goTo(path: string): Promise<void> {
  await writeFact('way', null);
  const to = new URL(path, location.origin);
  if (to.origin !== location.origin || to.href === location.href) return;
  router.go(to.pathname + to.search + to.hash);
}

/** An address that came with a notice. */
function follow(query: URLSearchParams): void {
  const notice = query.get('notice');
  if (!notice) return;
  const to = addressWithout('notice');
  notices.follow(notice, to);
  router.replace(to);
}
