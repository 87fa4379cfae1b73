import { UseSessionInput, useSession } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const useSessionProcedure = procedure
  .input(UseSessionInput)
  .mutation(({ ctx, input }) => useSession({ ctx, input }));
