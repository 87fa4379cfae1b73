import { CreateDataSourceInput, createDataSource } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const createDataSourceProcedure = procedure
  .input(CreateDataSourceInput)
  .mutation(({ ctx, input }) => createDataSource({ ctx, input }));
