import { UpdateSearchBeamInput, updateSearchBeam } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateSearchBeamProcedure = procedure
  .input(UpdateSearchBeamInput)
  .mutation(({ ctx, input }) => updateSearchBeam({ ctx, input }));
