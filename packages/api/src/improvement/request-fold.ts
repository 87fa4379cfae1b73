import { requestFold } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestFoldProcedure = procedure.mutation(({ ctx }) => requestFold({ ctx }));
