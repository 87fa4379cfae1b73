import type { QueryProcessor } from '../spec/index.ts';
import { coClickExpansion } from './co-click-expansion.ts';
import { spelling } from './spelling.ts';

/** The built-in query processors. */
export const queryProcessors: readonly QueryProcessor[] = [spelling, coClickExpansion];
