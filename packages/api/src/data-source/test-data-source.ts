import { TestDataSourceInput, testDataSource } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

/** No query although it changes nothing: what it is given may hold secrets, which have no place in an address. */
export const testDataSourceProcedure = procedure
  .input(TestDataSourceInput)
  .mutation(({ ctx, input }) => testDataSource({ ctx, input }));
