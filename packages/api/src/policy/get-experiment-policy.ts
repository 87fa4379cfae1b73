import { getExperimentPolicy } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getExperimentPolicyProcedure = procedure.query(({ ctx }) => getExperimentPolicy({ ctx }));
