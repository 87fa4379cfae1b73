import type { TrainingSettings } from '@embedding-studio/contracts';

/** How much computing time a run may take; the table below says what that buys. */
export const budgets = ['quick', 'standard', 'thorough'] as const;
export type Budget = (typeof budgets)[number];

type Recipe = Pick<TrainingSettings, 'epochsMax' | 'stepsMax' | 'secondsMax' | 'maxTokens' | 'batchQueries'>;

/**
 * Small sentence encoders learn most of what clicks teach in some thirty to fifty steps of 48 queries. Training on short
 * item texts doubles the steps of a short budget at no measured loss; longer budgets read the whole text.
 */
export const recipes: Readonly<Record<Budget, Recipe>> = {
  quick: { epochsMax: 2, stepsMax: null, secondsMax: 180, maxTokens: 24, batchQueries: 48 },
  standard: { epochsMax: 2, stepsMax: null, secondsMax: 720, maxTokens: 48, batchQueries: 48 },
  thorough: { epochsMax: 4, stepsMax: null, secondsMax: 3600, maxTokens: 48, batchQueries: 48 },
};
