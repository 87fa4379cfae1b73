import { ListReindexesInput, listReindexes } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listReindexesProcedure = procedure
  .input(ListReindexesInput)
  .query(({ ctx, input }) => listReindexes({ ctx, input }));
