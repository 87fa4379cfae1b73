import { ListJudgementsInput, listJudgements } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listJudgementsProcedure = procedure
  .input(ListJudgementsInput)
  .query(({ ctx, input }) => listJudgements({ ctx, input }));
