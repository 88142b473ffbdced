// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { isHealthNumber, patientIdentity, type Sign } from './patient-identity';

const now = new Date('2026-11-22T12:00:00Z');

describe('what looks like a patient', () => {
  it.each<[string, Sign, string]>([
    ['Saw 943 476 5919 today', 'number', '943 476 5919'],
    ['NHS no 9434765919.', 'number', '9434765919'],
    ['943-476-5919', 'number', '943-476-5919'],
    ['CHI 0101010001 rang', 'number', '0101010001'],
    ['dob 12/3/56', 'birth', 'dob 12/3/56'],
    ['D.O.B. 1.2.2015', 'birth', 'D.O.B. 1.2.2015'],
    ['she was born on 4 March 1951', 'birth', 'born on 4 March 1951'],
    ['date of birth: 04-03-1951', 'birth', 'date of birth: 04-03-1951'],
    ['the lady from 12/03/1956', 'birth', '12/03/1956'],
    ['from 3rd of June 1948', 'birth', '3rd of June 1948'],
    ['12/03/56', 'birth', '12/03/56'],
    ['I sat with Mrs Hughes', 'name', 'Mrs Hughes'],
    ["Mr. O'Brien laughed", 'name', "Mr. O'Brien"],
    ['Miss Åsa-Maria asked', 'name', 'Miss Åsa-Maria'],
    ['MR SMITH', 'name', 'MR SMITH'],
    ['the man in ward 5B, bed 12', 'place', 'ward 5B, bed 12'],
    ['bed 4 on Cedar ward', 'place', 'bed 4 on Cedar ward'],
    ['in bed 4, ward 9B today', 'place', 'bed 4, ward 9B'],
    ['Ward 3 bay 2', 'place', 'Ward 3 bay 2'],
  ])('%s', (text, sign, words) => expect(patientIdentity(text, now)).toEqual([{ sign, words }]));

  it('says each thing once', () => {
    const found = patientIdentity('Mrs Hughes, dob 12/03/1956. Mrs Hughes in bed 4, ward 9.', now);
    expect(found.map((one) => one.sign)).toEqual(['birth', 'name', 'place']);
  });
});

describe('what does not', () => {
  it.each([
    '',
    'I asked one more question before giving my view.',
    'My number is 07700 900123',
    '+44 7700 900123',
    '943 476 5918',
    'order 12345678901234',
    'We meet on 12/01/2027 and met on 3 March 2025',
    'ward round at 10, then to bed',
    'the ward was calm',
    'I miss Anna',
    'mrs, mr and ms',
    'Dr Rahman asked me to stay',
    '0000000000',
  ])('%s', (text) => expect(patientIdentity(text, now)).toEqual([]));
});

describe('the check digit', () => {
  it.each([
    ['9434765919', true],
    ['9434765910', false],
    ['4010232137', true],
    ['1234567890', false],
    ['943476591', false],
  ])('%s → %s', (written, is) => expect(isHealthNumber(written)).toBe(is));
});

it.each(['1 ', 'ward ', 'born ', 'Mr ', '12/', '1-', 'd.o.b. ', 'bed 1 '])(
  'stays quick over a long page of "%s"',
  (piece) => {
    const page = piece.repeat(50_000 / piece.length);
    const started = performance.now();
    patientIdentity(page, now);
    expect(performance.now() - started).toBeLessThan(250);
  },
);

it('names the first twenty of a kind, however many there are', () => {
  const page = Array.from({ length: 3_000 }, (_, at) => `Mr A${'b'.repeat(at % 9)}${at}x`);
  const letters = page.map((name) =>
    name.replace(/\d/g, (digit) => 'abcdefghij'[+digit] as string),
  );
  const found = patientIdentity(`${letters.join(' ')} ward 4, bed 2`, now);
  expect(found.filter(({ sign }) => sign === 'name')).toHaveLength(20);
  expect(found.filter(({ sign }) => sign === 'place')).toHaveLength(1);
});
