import { getTask, TaskIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getTaskProcedure = procedure.input(TaskIdInput).query(({ ctx, input }) => getTask({ ctx, input }));
