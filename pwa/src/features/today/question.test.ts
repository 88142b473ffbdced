import { expect, it } from 'vitest';
import today from '../../i18n/en/today.json';
import { QUESTIONS, questionOf } from './question';

it('stays the same from morning to night', () => {
  expect(questionOf(new Date(2026, 10, 22, 0, 0, 1))).toBe(
    questionOf(new Date(2026, 10, 22, 23, 59, 59)),
  );
});

it('is another one each day for two weeks, also over the change of clocks', () => {
  const days = Array.from({ length: QUESTIONS }, (_, i) =>
    questionOf(new Date(2026, 9, 20 + i, 9)),
  );
  expect(new Set(days).size).toBe(QUESTIONS);
});

it('moves on when another is wanted, and comes round', () => {
  const day = new Date(2026, 10, 22);
  expect(questionOf(day, 1)).not.toBe(questionOf(day));
  expect(questionOf(day, QUESTIONS)).toBe(questionOf(day));
});

it('has words for every number', () => {
  for (let number = 1; number <= QUESTIONS; number += 1)
    expect(today).toHaveProperty([`today.question.${number}`]);
});
