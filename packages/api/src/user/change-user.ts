import { ChangeUserInput, changeUser } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const changeUserProcedure = procedure
  .input(ChangeUserInput)
  .mutation(({ ctx, input }) => changeUser({ ctx, input }));
