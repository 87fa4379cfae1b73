import { ListRunColumnsInput, listRunColumns } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listRunColumnsProcedure = procedure
  .input(ListRunColumnsInput)
  .query(({ ctx, input }) => listRunColumns({ ctx, input }));
