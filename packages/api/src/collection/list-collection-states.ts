import { ListCollectionStatesInput, listCollectionStates } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listCollectionStatesProcedure = procedure
  .input(ListCollectionStatesInput)
  .query(({ ctx, input }) => listCollectionStates({ ctx, input }));
