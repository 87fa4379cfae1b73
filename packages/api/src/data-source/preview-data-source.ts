import { PreviewDataSourceInput, previewDataSource } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

/** No query although it changes nothing: what it is given may hold secrets, which have no place in an address. */
export const previewDataSourceProcedure = procedure
  .input(PreviewDataSourceInput)
  .mutation(({ ctx, input }) => previewDataSource({ ctx, input }));
