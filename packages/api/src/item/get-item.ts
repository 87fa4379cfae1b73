import { GetItemInput, getItem } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getItemProcedure = procedure.input(GetItemInput).query(({ ctx, input }) => getItem({ ctx, input }));
