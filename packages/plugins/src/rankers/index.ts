import type { Ranker } from '../spec/index.ts';
import { diversity } from './diversity.ts';
import { popularity } from './popularity.ts';
import { recency } from './recency.ts';

/** The built-in rankers. */
export const rankers: readonly Ranker[] = [recency, popularity, diversity];
