import { DeleteItemsInput, deleteItems } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const deleteItemsProcedure = procedure
  .input(DeleteItemsInput)
  .mutation(({ ctx, input }) => deleteItems({ ctx, input }));
