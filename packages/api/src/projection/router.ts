import { router } from '../trpc.ts';
import { findNeighboursProcedure } from './find-neighbours.ts';
import { getProjectionChunkProcedure } from './get-projection-chunk.ts';
import { listProjectionsProcedure } from './list-projections.ts';
import { requestProjectionProcedure } from './request-projection.ts';

export const projectionRouter = router({
  listProjections: listProjectionsProcedure,
  getProjectionChunk: getProjectionChunkProcedure,
  findNeighbours: findNeighboursProcedure,
  requestProjection: requestProjectionProcedure,
});
