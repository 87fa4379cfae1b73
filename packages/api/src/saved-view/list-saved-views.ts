import { ListSavedViewsInput, listSavedViews } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listSavedViewsProcedure = procedure
  .input(ListSavedViewsInput)
  .query(({ ctx, input }) => listSavedViews({ ctx, input }));
