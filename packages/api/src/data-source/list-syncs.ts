import { ListDataSourcesInput, ListSyncsInput, listSourcesWithSync, listSyncs } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listSyncsProcedure = procedure.input(ListSyncsInput).query(({ ctx, input }) => listSyncs({ ctx, input }));

export const listSourcesWithSyncProcedure = procedure
  .input(ListDataSourcesInput)
  .query(({ ctx, input }) => listSourcesWithSync({ ctx, input }));
