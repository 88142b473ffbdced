import type { ActivityOut } from '../../api/shapes';
import { t, type Key } from '../../i18n';

/** What was shared and then taken back leaves no line: without its reflection there is nothing to say. */
export function isToShow(item: ActivityOut): boolean {
  const isAboutReflection = item.kind === 'shared' || item.kind === 'responded';
  if (item.kind === 'responded' && !item.response) return false;
  return !isAboutReflection || item.reflection !== null;
}

/** One sentence for what happened: "Dev shared a noticing", "You are curious about something Ana shared". */
export function sentence(item: ActivityOut, myId: string | undefined): string {
  const isMe = item.by.id === myId;
  const author = item.reflection?.author;
  const values = {
    name: item.by.name,
    author: author?.id === myId ? t('activity.author-you') : (author?.name ?? ''),
  };
  return t(keyFor(item, isMe), values);
}

function keyFor(item: ActivityOut, isMe: boolean): Key {
  if (item.kind === 'responded') {
    const kind = item.response?.kind ?? 'appreciate';
    return isMe ? `activity.responded-you.${kind}` : `activity.responded.${kind}`;
  }
  const isNoticing = item.kind === 'shared' && !item.reflection?.text;
  const what = isNoticing ? 'noticed' : item.kind;
  return isMe ? `activity.${what}-you` : `activity.${what}`;
}
