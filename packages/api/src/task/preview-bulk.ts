import { PreviewBulkInput, previewBulk } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const previewBulkProcedure = procedure
  .input(PreviewBulkInput)
  .query(({ ctx, input }) => previewBulk({ ctx, input }));
