import { FindNeighboursInput, findNeighbours } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const findNeighboursProcedure = procedure
  .input(FindNeighboursInput)
  .query(({ ctx, input }) => findNeighbours({ ctx, input }));
