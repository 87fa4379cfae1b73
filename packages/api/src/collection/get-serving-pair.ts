import { getServingPair } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getServingPairProcedure = procedure.query(({ ctx }) => getServingPair({ ctx }));
