import { getTrainingPolicy } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getTrainingPolicyProcedure = procedure.query(({ ctx }) => getTrainingPolicy({ ctx }));
