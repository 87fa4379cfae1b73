import { getLoopHealth } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getLoopHealthProcedure = procedure.query(({ ctx }) => getLoopHealth({ ctx }));
