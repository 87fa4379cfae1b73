import { ListModelsInput, listModels } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listModelsProcedure = procedure
  .input(ListModelsInput)
  .query(({ ctx, input }) => listModels({ ctx, input }));
