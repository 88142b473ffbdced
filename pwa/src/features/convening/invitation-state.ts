import type { InvitationOut } from '../../api/shapes';
import { t } from '../../i18n';

export type InvitationState = 'open' | 'revoked' | 'full' | 'over';

/** Whether a link still works. What somebody decided is said before what merely came about. */
export function stateOf(
  { revoked_at, used, uses, expires_at, created_by }: InvitationOut,
  now: Date = new Date(),
): InvitationState {
  // Without whoever made it, it lets nobody in.
  if (revoked_at || !created_by) return 'revoked';
  if (used >= uses) return 'full';
  return new Date(expires_at) <= now ? 'over' : 'open';
}

/** How long an invitation may be open, to choose from. */
export const spansToChoose = () =>
  [3, 14, 30].map((count) => ({
    value: String(count),
    label: t('convening.invite.days', { count }),
  }));

/** The end of the day that is `days` away, here: "until Friday" includes Friday. */
export function expiryIn(days: number, now: Date = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 23, 59, 59);
  return day.toISOString();
}
