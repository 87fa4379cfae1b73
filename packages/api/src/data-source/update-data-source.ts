import { UpdateDataSourceInput, updateDataSource } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateDataSourceProcedure = procedure
  .input(UpdateDataSourceInput)
  .mutation(({ ctx, input }) => updateDataSource({ ctx, input }));
