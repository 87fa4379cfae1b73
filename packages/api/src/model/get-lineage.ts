import { GetLineageInput, getLineage } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getLineageProcedure = procedure
  .input(GetLineageInput)
  .query(({ ctx, input }) => getLineage({ ctx, input }));
