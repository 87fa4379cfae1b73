import { ListChecksInput, listChecks } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listChecksProcedure = procedure
  .input(ListChecksInput)
  .query(({ ctx, input }) => listChecks({ ctx, input }));
