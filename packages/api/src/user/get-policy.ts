import { getPolicy } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getPolicyProcedure = procedure.query(({ ctx }) => getPolicy({ ctx }));
