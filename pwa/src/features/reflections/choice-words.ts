/** Where it touches, and what is chosen besides: the words come with the screens that show them, after the first. */
import type { Area } from '../../api/shapes';
import { know, listOf, t, type Key } from '../../i18n';
import words from '../../i18n/en/choices.json';
import type { ReflectionWords } from './keeping';

know(words);

export const AREAS: readonly Area[] = ['self', 'team', 'system'];

/** One of a few, or none. The noticing is one too, and has a place of its own. */
type Choice = Exclude<keyof ReflectionWords, 'text' | 'areas' | 'noticing'>;
interface Asked<Value extends string> {
  legend: Key;
  words: Record<Value, Key>;
}

/** Each is asked for and shown in this order: a choice that is left out does not compile. */
const CHOICES: { [Name in Choice]: Asked<NonNullable<ReflectionWords[Name]>> } = {
  stretch: {
    legend: 'reflections.fields.stretch',
    words: {
      comfortable: 'reflections.stretch.comfortable',
      stretching: 'reflections.stretch.stretching',
      too_far: 'reflections.stretch.too_far',
    },
  },
};
const ALL = Object.entries(CHOICES) as [Choice, Asked<string>][];

/** "Self and team", in the order of the drawing. */
export function areaWords(areas: readonly Area[]): string {
  const names = AREAS.filter((area) => areas.includes(area)).map((area) =>
    t(`reflections.area.${area}`),
  );
  const said = listOf(names);
  return said.charAt(0).toLocaleUpperCase() + said.slice(1);
}

export const areaOptions = () => AREAS.map((value) => ({ value, label: t(`ui.area.${value}`) }));

/** What may be chosen besides, to ask for it. */
export const choices = () =>
  ALL.map(([name, { legend, words: labels }]) => ({
    name,
    legend: t(legend),
    options: Object.entries(labels).map(([value, label]) => ({ value, label: t(label) })),
  }));

/** What was chosen besides, each in its words; empty where nothing was. */
export function chosenWords(from: Pick<ReflectionWords, Choice>): Record<Choice, string> {
  const said = ALL.map(([name, { words: labels }]) => {
    const label = labels[from[name] ?? ''];
    return [name, label ? t(label) : ''];
  });
  return Object.fromEntries(said);
}
