import { ImportJudgementsInput, importJudgements } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const importJudgementsProcedure = procedure
  .input(ImportJudgementsInput)
  .mutation(({ ctx, input }) => importJudgements({ ctx, input }));
