/** What begins once it is known who is here, and behind the first screen: nobody waits for it. */
import { begin } from './features/notices/begin.svelte';
import { whenWiped } from './store/leaving';

/** Taps on notifications, what waits, and whether they still come here; and what another tab has signed out of. */
export function beginBehind(): void {
  begin();
  whenWiped(() => location.replace('/sign-in'));
}
