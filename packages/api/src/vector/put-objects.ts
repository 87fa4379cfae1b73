import { PutObjectsInput, putObjects } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const putObjectsProcedure = procedure
  .input(PutObjectsInput)
  .mutation(({ ctx, input }) => putObjects({ ctx, input }));
