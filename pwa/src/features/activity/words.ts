import { called } from '../../core/called.svelte';
import type { ActivityOut } from '../../api/shapes';
import { t, type Key } from '../../i18n';

/** What was shared and then taken back leaves no line: without its reflection there is nothing to say. */
export function isToShow(item: ActivityOut): boolean {
  const isAboutReflection = item.kind === 'shared' || item.kind === 'responded';
  if (item.kind === 'responded' && !item.response) return false;
  return !isAboutReflection || item.reflection !== null;
}

/** Who it was; no name for a person who has erased themselves. */
export function nameOf({ by }: ActivityOut): string {
  return by ? called(by) : t('activity.someone');
}

/** One sentence for what happened: "Dev shared a noticing", "You responded to Ana". */
export function sentence(item: ActivityOut, myId: string | undefined): string {
  const isMe = item.by !== null && item.by.id === myId;
  const author = item.reflection?.author;
  const values = {
    name: nameOf(item),
    author: author?.id === myId ? t('activity.author-you') : author ? called(author) : '',
  };
  return t(keyFor(item, isMe), { ...values, ...namesIn(item), count: usesOf(item) });
}

function keyFor(item: ActivityOut, isMe: boolean): Key {
  const isNoticing = item.kind === 'shared' && !item.reflection?.text;
  // The app asks too, now and then; and then it was not somebody.
  if (item.kind === 'check_in_opened' && !item.by) return 'activity.check_in_opened-itself';
  const isOfFacilitators = detail(item, 'role') === 'facilitator';
  if (isOfFacilitators && (item.kind === 'joined' || item.kind === 'invited'))
    return isMe ? `activity.${item.kind}-facilitator-you` : `activity.${item.kind}-facilitator`;
  // Two of one day are told apart by how many they let in.
  if (item.kind === 'invited' && usesOf(item))
    return isMe ? 'activity.invited-for-you' : 'activity.invited-for';
  if (item.kind === 'renamed' && !detail(item, 'before'))
    return isMe ? 'activity.renamed-since-you' : 'activity.renamed-since';
  if (item.kind === 'renamed' && !isMe) {
    const [before, now] = [detail(item, 'before_is_shared'), detail(item, 'now_is_shared')];
    if (before && now) return 'activity.renamed-both-shared';
    if (before) return 'activity.renamed-before-shared';
    if (now) return 'activity.renamed-now-shared';
  }
  if (item.kind === 'joining_undone' && !detail(item, 'before'))
    return isMe ? 'activity.joining_undone-nameless-you' : 'activity.joining_undone-nameless';
  const reason = REASONS.find((one) => one === detail(item, 'reason'));
  if (item.kind === 'taking_up_objected' && reason)
    return isMe ? `activity.objected-${reason}-you` : `activity.objected-${reason}`;
  const what = isNoticing ? 'noticed' : item.kind;
  return isMe ? `activity.${what}-you` : `activity.${what}`;
}

/** Why somebody objected to who takes up facilitating. */
const REASONS = ['talk_first', 'somebody_else', 'leave_open'] as const;

/** What is said of a line beside its kind. */
const detail = ({ details }: ActivityOut, name: string): unknown => details?.[name];

/** How many an invitation lets in; 0 where nobody has said. */
const usesOf = (item: ActivityOut): number => Number(detail(item, 'uses') ?? 0);

/** Who changed their name, from what to what. */
const namesIn = (item: ActivityOut): Record<string, string> =>
  typeof detail(item, 'before') === 'string'
    ? { before: String(detail(item, 'before')), now: String(detail(item, 'now')) }
    : {};
