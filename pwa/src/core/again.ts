/** On the window: what was heard holds no longer, and what is on the screen is to be asked for again. */
export const AGAIN = 'alongside:again';
