import { GetSettingsSearchInput, getSettingsSearch } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getSettingsSearchProcedure = procedure
  .input(GetSettingsSearchInput)
  .query(({ ctx, input }) => getSettingsSearch({ ctx, input }));
