import { RollBackInput, rollBack } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const rollBackProcedure = procedure.input(RollBackInput).mutation(({ ctx, input }) => rollBack({ ctx, input }));
