import { describeQueues } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const describeQueuesProcedure = procedure.query(({ ctx }) => describeQueues({ ctx }));
