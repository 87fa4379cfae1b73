import { ListApiKeysInput, listApiKeys } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listApiKeysProcedure = procedure
  .input(ListApiKeysInput)
  .query(({ ctx, input }) => listApiKeys({ ctx, input }));
