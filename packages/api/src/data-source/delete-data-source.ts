import { DataSourceIdInput, deleteDataSource } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const deleteDataSourceProcedure = procedure
  .input(DataSourceIdInput)
  .mutation(({ ctx, input }) => deleteDataSource({ ctx, input }));
