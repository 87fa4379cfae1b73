import { DataSourceIdInput, getDataSource } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getDataSourceProcedure = procedure
  .input(DataSourceIdInput)
  .query(({ ctx, input }) => getDataSource({ ctx, input }));
