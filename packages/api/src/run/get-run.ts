import { GetRunInput, getRun } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getRunProcedure = procedure.input(GetRunInput).query(({ ctx, input }) => getRun({ ctx, input }));
