import { getLive } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getLiveProcedure = procedure.query(({ ctx }) => getLive({ ctx }));
