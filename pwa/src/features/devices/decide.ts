/** What the phone, its owner and the server each believe about notifications here. */
export interface Beliefs {
  permission: NotificationPermission;
  /** What the person wants on this device. */
  wish: 'on' | 'off';
  hasSubscription: boolean;
  /** A key to subscribe with is known. */
  hasKey: boolean;
  /** The server knows some subscription of this device. */
  isKnown: boolean;
  /** It is this very one. */
  isSame: boolean;
  /** The server has heard today that this device is still here. */
  isSaidToday: boolean;
}

export type Step =
  | 'nothing'
  /** Drop the subscription, and tell the server if it knows one. */
  | 'stop'
  /** Ask the server for its key. */
  | 'ask key'
  /** Subscribe, then tell the server. */
  | 'subscribe'
  /** Tell the server the subscription, or that it still holds. */
  | 'say';

/** The next step that brings them together; it costs at most one request. An opt-out is never undone. */
export function nextStep(now: Beliefs): Step {
  const isWanted = now.wish === 'on' && now.permission === 'granted';
  if (!isWanted) return now.hasSubscription || now.isKnown ? 'stop' : 'nothing';
  if (!now.hasKey) return 'ask key';
  if (!now.hasSubscription) return 'subscribe';
  return now.isSame && now.isSaidToday ? 'nothing' : 'say';
}
