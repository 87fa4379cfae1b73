import type { FineTuningMethod } from '../spec/index.ts';
import { contrastive } from './contrastive.ts';
import { margin } from './margin.ts';

export { type Budget, budgets, recipes } from './recipes.ts';
export { contrastive, margin };

/** The built-in methods by name. */
export const methods: Readonly<Record<string, FineTuningMethod>> = { contrastive, margin };

export const defaultMethodName = contrastive.name;
