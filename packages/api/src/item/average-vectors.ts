import { AverageVectorsInput, averageVectors } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const averageVectorsProcedure = procedure
  .input(AverageVectorsInput)
  .query(({ ctx, input }) => averageVectors({ ctx, input }));
