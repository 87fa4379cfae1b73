import { expect, test } from 'vitest';
import { chooseCategories, chooseField, mergeSpellings } from '../src/projection/choose-categories.ts';

test('spellings that differ only by case are one category, named as most items name it', () => {
  const named = mergeSpellings(['drama', 'Drama', null, 'Drama', 'comedy', 'COMEDY', 'comedy']);
  expect(named).toEqual(['Drama', 'Drama', null, 'Drama', 'comedy', 'comedy', 'comedy']);
  expect(chooseCategories(named)).toEqual(['comedy', 'Drama']);
});

test('a field that takes one value in two spellings says nothing', () => {
  const payloads = ['Drama', 'drama'].map((genre, at) => ({ genre, kind: at === 0 ? 'film' : 'series' }));
  expect(chooseField(payloads)).toBe('kind');
});
