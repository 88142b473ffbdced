/** What a newcomer may begin with, and which of it is still to be shown. */

export const STEPS = ['keep', 'matters', 'reach', 'home', 'contract'] as const;
export type Step = (typeof STEPS)[number];

/** Those that are neither done nor waved off. What cannot be done here is done: nobody is sent to a shut door. */
export const stillToShow = (
  isDone: Readonly<Record<Step, boolean>>,
  wavedOff: readonly string[],
): Step[] => STEPS.filter((step) => !isDone[step] && !wavedOff.includes(step));
