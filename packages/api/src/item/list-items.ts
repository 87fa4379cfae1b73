import { ListItemsInput, listItems } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listItemsProcedure = procedure.input(ListItemsInput).query(({ ctx, input }) => listItems({ ctx, input }));
