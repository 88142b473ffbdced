const STATES = ['active', 'focus-visible', 'hover'] as const;
export type State = (typeof STATES)[number];

/** The class whose descendants look as if they were in a state: no page can press its own buttons. */
export const classOf = (state: State): string => `shows-${state}`;

/** Teaches the page's styles that class. */
export function showStates(): void {
  for (const sheet of document.styleSheets) teach(sheet);
}

function teach(rules: CSSStyleSheet | CSSGroupingRule): void {
  for (const rule of rules.cssRules) {
    if (rule instanceof CSSStyleRule) rule.selectorText = shown(rule.selectorText);
    else if (rule instanceof CSSGroupingRule) teach(rule);
  }
}

/** What a finger or the keyboard can reach. */
const REACHED = ':is(a, button, input, textarea, select)';

export function shown(selector: string): string {
  return STATES.reduce(
    (said, state) => said.replaceAll(`:${state}`, `:is(:${state}, .${classOf(state)} ${REACHED})`),
    selector,
  );
}
