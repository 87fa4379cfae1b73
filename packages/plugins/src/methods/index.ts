import type { FineTuningMethod } from '../spec/index.ts';
import { contrastive } from './contrastive.ts';
import { margin } from './margin.ts';
import { queryAdapter } from './query-adapter.ts';
import { sharedAdapter } from './shared-adapter.ts';

export { methodPlugins } from './method-plugins.ts';
export { type Budget, budgets, recipes } from './recipes.ts';
export { contrastive, margin, queryAdapter, sharedAdapter };

/** The built-in methods; the first is the default. Names are unique. */
export const methods: readonly FineTuningMethod[] = [contrastive, margin, queryAdapter, sharedAdapter];
