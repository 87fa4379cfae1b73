import { EraseUserInput, eraseUser } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const eraseUserProcedure = procedure
  .input(EraseUserInput)
  .mutation(({ ctx, input }) => eraseUser({ ctx, input }));
