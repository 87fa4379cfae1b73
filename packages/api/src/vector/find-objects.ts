import { findObjects, ObjectIdsInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const findObjectsProcedure = procedure
  .input(ObjectIdsInput)
  .query(({ ctx, input }) => findObjects({ ctx, input }));
