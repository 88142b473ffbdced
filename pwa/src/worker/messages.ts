/** From the page to a waiting worker: a person said yes to the new version. */
export const TAKE_OVER = 'take-over';
