import { TestDataSourceInput, testDataSource } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const testDataSourceProcedure = procedure
  .input(TestDataSourceInput)
  .query(({ ctx, input }) => testDataSource({ ctx, input }));
