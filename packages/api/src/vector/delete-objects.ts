import { deleteObjects, ObjectIdsInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const deleteObjectsProcedure = procedure
  .input(ObjectIdsInput)
  .mutation(({ ctx, input }) => deleteObjects({ ctx, input }));
