import { BrowseItemsInput, browseItems } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const browseItemsProcedure = procedure
  .input(BrowseItemsInput)
  .query(({ ctx, input }) => browseItems({ ctx, input }));
