/** How this browser puts the app on the home screen; null where it cannot. */
export type Way =
  | 'prompt' // the browser handed us its own question
  | 'ios' // Safari 26 and later: … → Share → View more → Add to Home Screen
  | 'ios-older' // Safari before 26: Share → Add to Home Screen
  | 'ios-other' // Chrome, Edge, Firefox on iOS: Share in the address bar
  | 'android-menu' // Firefox, Samsung Internet and others: the menu
  | 'mac-safari' // File → Add to Dock
  | 'desktop-menu'; // Chrome and Edge on a desk: the menu

interface Browser {
  userAgent: string;
  /** iPads call themselves Macs; only they have more than one finger's worth of touch. */
  maxTouchPoints: number;
}

export function wayToInstall(
  { userAgent, maxTouchPoints }: Browser,
  hasPrompt: boolean,
): Way | null {
  if (hasPrompt) return 'prompt';
  const isTouchMac = /Macintosh/.test(userAgent) && maxTouchPoints > 1;
  if (/iPhone|iPad|iPod/.test(userAgent) || isTouchMac) return onIos(userAgent);
  if (/Android/.test(userAgent)) return 'android-menu';
  if (/Chrome\/\d/.test(userAgent)) return 'desktop-menu';
  return /Macintosh.*Version\/(1[7-9]|[2-9]\d)\S* Safari/.test(userAgent) ? 'mac-safari' : null;
}

function onIos(userAgent: string): Way {
  if (/CriOS|FxiOS|EdgiOS/.test(userAgent)) return 'ios-other';
  // The system's version in Safari's line is frozen at 18; the browser's own is not.
  const version = Number(/Version\/(\d+)/.exec(userAgent)?.[1] ?? 0);
  return version >= 26 ? 'ios' : 'ios-older';
}
