import { getRetention } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getRetentionProcedure = procedure.query(({ ctx }) => getRetention({ ctx }));
