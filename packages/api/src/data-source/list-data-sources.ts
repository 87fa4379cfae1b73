import { ListDataSourcesInput, listDataSources } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listDataSourcesProcedure = procedure
  .input(ListDataSourcesInput)
  .query(({ ctx, input }) => listDataSources({ ctx, input }));
