/** Held (shared) by every tab with letters that are not yet in the phone's database. */
export const UNSAVED_LOCK = 'alongside-unsaved';
/** Held while the outbox drains, by whichever tab or worker does it. */
export const OUTBOX_LOCK = 'alongside-outbox';
