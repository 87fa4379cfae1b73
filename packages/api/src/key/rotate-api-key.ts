import { RotateApiKeyInput, rotateApiKey } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const rotateApiKeyProcedure = procedure
  .input(RotateApiKeyInput)
  .mutation(({ ctx, input }) => rotateApiKey({ ctx, input }));
