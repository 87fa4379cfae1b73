import { PinBaselineInput, pinBaseline } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const pinBaselineProcedure = procedure
  .input(PinBaselineInput)
  .mutation(({ ctx, input }) => pinBaseline({ ctx, input }));
