import { ListRunsInput, listRuns } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listRunsProcedure = procedure.input(ListRunsInput).query(({ ctx, input }) => listRuns({ ctx, input }));
