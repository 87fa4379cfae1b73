import { GetReadoutInput, getReadout } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getReadoutProcedure = procedure
  .input(GetReadoutInput)
  .query(({ ctx, input }) => getReadout({ ctx, input }));
