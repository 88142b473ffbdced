import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** What has a name and is nobody: cohorts, fields of a form, errors, files; and oneself. */
const NOBODY = [
  /^(welcome\.|joining\.welcome\.)?cohort\??$/,
  /^cohorts\.find\(.*\)\?$/,
  /^current$/,
  /^(wrong|errors|fields|typed|profile|joining|this)$/,
  /^(session\.person|me)\?$/,
];

/** Where a person's own name is taken all the same, and why nobody is taken for another by it. */
const EXCEPT: Record<string, string> = {
  'core/called.svelte.ts: first': 'here it is told apart',
  'core/called.svelte.ts: one': 'here it is told apart',
  'core/called.svelte.ts: { id, name }': 'here it is told apart',
  'core/told-apart.ts: one': 'here it is told apart',
  'core/told-apart.ts: { id, name }': 'here it is told apart',
  'core/whole.ts: { name }': 'a file',
  'features/joining/Welcome.svelte: { invited_by: name, called_since: since }':
    'by what the server says tells them apart',
  'features/sign_in/DemoPeople.svelte: person': 'the sample’s people, before anybody signs in',
  'features/home/AboutCohort.svelte: { id, name }': 'a cohort',
  'features/cohorts/answers.ts: { name }': 'a field',
  'features/cohorts/CohortChooser.svelte: { id, name }': 'a cohort',
  'features/convening/CohortForm.svelte: { name, purpose, time_zone }': 'a cohort',
  'features/convening/EditCohort.svelte: { name, time_zone, ...ours }': 'a cohort',
  'features/convening/InvitationRow.svelte: invitation': 'an invitation',
  'features/convening/Invitations.svelte: shown?': 'an invitation',
  'features/feedback/AskForm.svelte: { id, name }': 'a cohort',
  'features/reflections/ShareSheet.svelte: { id, name }': 'a cohort; and who is kept, by their id',
  'features/reflections/WhatOthersSee.svelte: { id, name }': 'a cohort',
  'features/feedback/AskTrouble.svelte: { id: person, name }': 'kept with the id, not shown',
  'features/feedback/Offer.svelte: to': 'kept with the id, not shown',
  'features/feedback/asking.svelte.ts: { id, name }': 'kept with the id, not shown',
  'features/reflections/keeping.ts: { id, name }': 'kept with the id, not shown',
  'features/reflections/seen.ts: a': 'an order',
  'features/reflections/seen.ts: b': 'an order',
};

const HOME = join(import.meta.dirname, '..');
/** On an avatar stand initials: the name itself stands beside it. */
const AVATAR = /<Avatar\s+id=\{[^}]*\}\s+name=\{[^}]*\}/g;
const STEP = String.raw`[\w$]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?(?:\[[^\]]*\])?[?!]?`;
const TAKEN = new RegExp(String.raw`((?:${STEP}\.)*${STEP})\.name\b`, 'g');
const FIELDS = String.raw`(\{[^{}]*\bname\b[^{}]*\})`;
/** As what a function is given, or an arrow, or as a constant; what a screen is given was called before. */
const APART = [
  String.raw`function \w+\(\s*${FIELDS}`,
  String.raw`\(${FIELDS}(?:: [^()]*)?\)(?:: [^=(){}]*)? =>`,
  String.raw`(?:const|let) ${FIELDS} =`,
].map((pattern) => new RegExp(pattern, 'g'));

/** Each place in a file where the name of something is taken from it. */
function takenIn(source: string): string[] {
  const shown = source.replaceAll(AVATAR, '').replaceAll(/'[^'\n]*'/g, "''");
  const taken = [...shown.matchAll(TAKEN)].map(([, of]) => of!);
  const apart = APART.flatMap((one) => [...shown.matchAll(one)]).map(([, of]) =>
    of!.replaceAll(/\s+/g, ' '),
  );
  return [...taken.filter((of) => !NOBODY.some((one) => one.test(of))), ...apart];
}

const files = ['core', 'features', 'ui'].flatMap((folder) =>
  readdirSync(join(HOME, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => /\.(svelte|ts)$/.test(path))
    .filter((path) => !path.endsWith('.test.ts')),
);

test('everybody who is shown or chosen is called as the people’s list has them', () => {
  const found = files.flatMap((path) =>
    takenIn(readFileSync(join(HOME, path), 'utf8')).map((of) => `${path}: ${of}`),
  );
  expect([...new Set(found)].toSorted()).toEqual(Object.keys(EXCEPT).toSorted());
});

test.each([
  ['<p>{proposal.by.name}</p>', ['proposal.by']],
  ['<p>{proposal.by?.name}</p>', ['proposal.by?']],
  ["t('x', { name: people[0]!.name })", ['people[0]!']],
  ['people.map(({ name }) => name)', ['{ name }']],
  ['const { id, name } = person;', ['{ id, name }']],
  ['<Avatar id={person.id} name={person.name} size="sm" /><b>{called(person)}</b>', []],
  ['<h1>{cohort.name}</h1>', []],
  ['let { name }: Props = $props();', []],
])('a bare name would be seen: %s', (source, taken) => {
  expect(takenIn(source)).toEqual(taken);
});
