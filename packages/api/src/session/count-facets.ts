import { CountFacetsInput, countFacets } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const countFacetsProcedure = procedure
  .input(CountFacetsInput)
  .query(({ ctx, input }) => countFacets({ ctx, input }));
