/** How many unread things from people wait: the dot on Today, and the number on the app's sign. */
class Waiting {
  /** From people only; never a question or a reminder. */
  count = $state(0);
}

export const waiting = new Waiting();
