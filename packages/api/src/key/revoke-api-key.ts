import { RevokeApiKeyInput, revokeApiKey } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const revokeApiKeyProcedure = procedure
  .input(RevokeApiKeyInput)
  .mutation(({ ctx, input }) => revokeApiKey({ ctx, input }));
