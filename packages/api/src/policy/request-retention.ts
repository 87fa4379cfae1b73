import { requestRetention } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestRetentionProcedure = procedure.mutation(({ ctx }) => requestRetention({ ctx }));
