import { listProjections } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listProjectionsProcedure = procedure.query(({ ctx }) => listProjections({ ctx }));
