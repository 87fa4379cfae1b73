import { requestAnalyticsRebuild } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestAnalyticsRebuildProcedure = procedure.mutation(({ ctx }) => requestAnalyticsRebuild({ ctx }));
