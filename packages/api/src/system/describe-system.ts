import { describeSystem } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const describeSystemProcedure = procedure.query(({ ctx }) => describeSystem({ ctx }));
