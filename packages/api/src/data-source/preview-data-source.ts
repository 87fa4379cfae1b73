import { PreviewDataSourceInput, previewDataSource } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const previewDataSourceProcedure = procedure
  .input(PreviewDataSourceInput)
  .query(({ ctx, input }) => previewDataSource({ ctx, input }));
