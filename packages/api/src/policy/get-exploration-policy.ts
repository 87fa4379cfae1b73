import { getExplorationPolicy } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getExplorationPolicyProcedure = procedure.query(({ ctx }) => getExplorationPolicy({ ctx }));
