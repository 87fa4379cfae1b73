import {
  type CategoryExample,
  calibrationError,
  categoryOdds,
  chooseCategories,
  countCategoryClicks,
  fitCalibration,
  measureCategories,
  plainCalibration,
  readCategories,
  surpriseOf,
} from '@embedding-studio/ml/category';
import { createRandom } from '@embedding-studio/ml/ranking';
import { describe, expect, test } from 'vitest';

const names = ['boots', 'lamps', 'tables', 'chairs'];

function draw(odds: readonly { category: string; probability: number }[], chance: number): string {
  let left = chance;
  for (const { category, probability } of odds) {
    left -= probability;
    if (left <= 0) return category;
  }
  return odds[0]?.category ?? '';
}

/** Sessions whose clicks follow softmax(cosine / temperature): what a fit has to find again. */
function examplesOf(input: { count: number; temperature: number; seed: number }): CategoryExample[] {
  const random = createRandom(input.seed);
  return Array.from({ length: input.count }, () => {
    const evidence = names.map((category) => ({ category, cosine: random(), clicks: 0, queryClicks: 0 }));
    const odds = categoryOdds(evidence, { ...plainCalibration, temperature: input.temperature });
    return { evidence, clicked: new Map([[draw(odds, random()), 1]]) };
  });
}

describe('odds', () => {
  const evidence = [
    { category: 'near', cosine: 0.8, clicks: 0, queryClicks: 0 },
    { category: 'far', cosine: 0.2, clicks: 0, queryClicks: 0 },
  ];

  test('sum to one and follow the cosine', () => {
    const odds = categoryOdds(evidence, plainCalibration);
    expect(odds[0]?.category).toBe('near');
    expect(odds.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
  });

  test('many clicks after this very query overrule the centroid, few do not', () => {
    const clicked = (queryClicks: number) =>
      categoryOdds(
        evidence.map((one) => (one.category === 'far' ? { ...one, queryClicks } : one)),
        plainCalibration,
      )[0]?.category;
    expect(clicked(2)).toBe('near');
    expect(clicked(200)).toBe('far');
  });

  test('a tiny temperature does not overflow', () => {
    const odds = categoryOdds(evidence, { ...plainCalibration, temperature: 1e-6 });
    expect(odds[0]?.probability).toBeCloseTo(1, 12);
  });

  test('below the threshold nothing is answered', () => {
    const odds = [
      { category: 'a', probability: 0.45 },
      { category: 'b', probability: 0.3 },
      { category: 'c', probability: 0.1 },
    ];
    expect(chooseCategories(odds, 0.5)).toEqual([]);
    expect(chooseCategories(odds, 0.4).map(({ category }) => category)).toEqual(['a', 'b']);
    expect(chooseCategories([], 0)).toEqual([]);
  });
});

describe('calibration', () => {
  const fitting = examplesOf({ count: 600, temperature: 0.2, seed: 1 });
  const judging = examplesOf({ count: 600, temperature: 0.2, seed: 2 });
  const fitted = fitCalibration(fitting, 0.75);

  test('finds the temperature that the clicks came from', () => {
    expect(fitted.temperature).toBeGreaterThan(0.15);
    expect(fitted.temperature).toBeLessThan(0.27);
  });

  test('makes promises that sessions never seen keep', () => {
    const quality = measureCategories(judging, fitted);
    expect(quality.ece).toBeLessThan(0.06);
    expect(quality.ece).toBeLessThan(quality.eceUncalibrated);
    expect(surpriseOf(judging, fitted)).toBeLessThan(surpriseOf(judging, plainCalibration));
  });

  test('the threshold buys accuracy with coverage', () => {
    const quality = measureCategories(judging, fitted);
    expect(quality.coverage).toBeGreaterThan(0);
    expect(quality.coverage).toBeLessThan(1);
    expect(quality.accuracyOfAnswered ?? 0).toBeGreaterThan(quality.accuracy);
  });

  test('without any signal it abstains always', () => {
    const random = createRandom(3);
    const noise = Array.from({ length: 300 }, () => ({
      evidence: names.map((category) => ({ category, cosine: random(), clicks: 0, queryClicks: 0 })),
      clicked: new Map([[names[Math.floor(random() * names.length)] ?? '', 1]]),
    }));
    expect(measureCategories(noise, fitCalibration(noise, 0.9)).coverage).toBeLessThan(0.05);
  });

  test('the error is the mean gap between promise and outcome', () => {
    const firsts = Array.from({ length: 10 }, (_, index) => ({ probability: 0.85, share: index < 5 ? 1 : 0 }));
    expect(calibrationError(firsts)).toBeCloseTo(0.35, 12);
    expect(calibrationError([{ probability: 1, share: 1 }])).toBe(0);
  });
});

describe('categories of a payload', () => {
  test('are strings at a path, through lists, each once', () => {
    expect(readCategories({ genres: ['a', 'b', 'a', 3, ''] }, 'genres')).toEqual(['a', 'b']);
    expect(readCategories({ shop: { kind: 'lamps' } }, 'shop.kind')).toEqual(['lamps']);
    expect(readCategories({ tags: [{ name: 'x' }, { name: 'y' }] }, 'tags.name')).toEqual(['x', 'y']);
    expect(readCategories({ a: null }, 'a.b')).toEqual([]);
    expect(readCategories({}, 'constructor')).toEqual([]);
  });
});

describe('click counts', () => {
  test('a query typed by four people is counted in its categories and not by itself', () => {
    const clicks = (people: number, key: string) =>
      Array.from({ length: people }, (_, person) => ({
        ...{ sessionId: `${key}${person}`, query: key, key, person: `${key}${person}` },
        weights: new Map([['boots', 1]]),
      }));
    const counts = countCategoryClicks([...clicks(4, 'rare'), ...clicks(5, 'common')], 5);
    expect(counts.byCategory.get('boots')).toBe(9);
    expect([...counts.byQuery.keys()]).toEqual(['common']);
  });
});
