import { CreateApiKeyInput, createApiKey } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const createApiKeyProcedure = procedure
  .input(CreateApiKeyInput)
  .mutation(({ ctx, input }) => createApiKey({ ctx, input }));
