import { listSchedules } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listSchedulesProcedure = procedure.query(({ ctx }) => listSchedules({ ctx }));
