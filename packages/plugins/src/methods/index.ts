import type { FineTuningMethod } from '../spec/index.ts';
import { contrastive } from './contrastive.ts';
import { margin } from './margin.ts';

export { methodPlugins } from './method-plugins.ts';
export { type Budget, budgets, recipes } from './recipes.ts';
export { contrastive, margin };

/** The built-in methods; the first is the default. Names are unique. */
export const methods: readonly FineTuningMethod[] = [contrastive, margin];
