/** Where it touches and how far it stretches: the words come with the screens that show them, after the first. */
import type { Area, Stretch } from '../../api/shapes';
import { know, listOf, t } from '../../i18n';
import words from '../../i18n/en/choices.json';

know(words);

export const AREAS: readonly Area[] = ['self', 'team', 'system'];
export const STRETCHES: readonly Stretch[] = ['comfortable', 'stretching', 'too_far'];

/** "Self and team", in the order of the drawing. */
export function areaWords(areas: readonly Area[]): string {
  const names = AREAS.filter((area) => areas.includes(area)).map((area) =>
    t(`reflections.area.${area}`),
  );
  const said = listOf(names);
  return said.charAt(0).toLocaleUpperCase() + said.slice(1);
}

export const areaOptions = () => AREAS.map((value) => ({ value, label: t(`ui.area.${value}`) }));

export const stretchOptions = () =>
  STRETCHES.map((value) => ({ value, label: t(`reflections.stretch.${value}`) }));
