import { router } from '../trpc.ts';
import { deleteObjectsProcedure } from './delete-objects.ts';
import { findObjectsProcedure } from './find-objects.ts';
import { findSimilarProcedure } from './find-similar.ts';
import { putObjectsProcedure } from './put-objects.ts';

export const vectorRouter = router({
  putObjects: putObjectsProcedure,
  deleteObjects: deleteObjectsProcedure,
  findObjects: findObjectsProcedure,
  findSimilar: findSimilarProcedure,
});
