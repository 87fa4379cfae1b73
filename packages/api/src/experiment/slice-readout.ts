import { SliceReadoutInput, sliceReadout } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const sliceReadoutProcedure = procedure
  .input(SliceReadoutInput)
  .query(({ ctx, input }) => sliceReadout({ ctx, input }));
