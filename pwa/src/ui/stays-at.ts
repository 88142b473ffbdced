import type { Attachment } from 'svelte/attachments';

/** How far down each list was read, by its name. */
const read = new Map<string, number>();

/** A list that is read by itself is made anew with each thing that is chosen from it: it stays where it was read to. */
export const staysAt =
  (name: string | undefined): Attachment =>
  (list) => {
    if (!name) return;
    list.scrollTop = read.get(name) ?? 0;
    const keep = () => read.set(name, list.scrollTop);
    list.addEventListener('scroll', keep);
    return () => list.removeEventListener('scroll', keep);
  };
