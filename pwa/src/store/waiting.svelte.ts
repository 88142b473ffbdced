/** What waits for me, for the tabs to show. */
class Waiting {
  /** Notices that I have not seen: the number on Today, in the inbox and on the app's sign. */
  count = $state(0);
}

export const waiting = new Waiting();
