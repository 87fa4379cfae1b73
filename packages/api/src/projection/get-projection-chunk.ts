import { GetProjectionChunkInput, getProjectionChunk } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getProjectionChunkProcedure = procedure
  .input(GetProjectionChunkInput)
  .query(({ ctx, input }) => getProjectionChunk({ ctx, input }));
