import { CountExclusionsInput, countExclusions } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const countExclusionsProcedure = procedure
  .input(CountExclusionsInput)
  .query(({ ctx, input }) => countExclusions({ ctx, input }));
