import { JudgeItemInput, judgeItem } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const judgeItemProcedure = procedure
  .input(JudgeItemInput)
  .mutation(({ ctx, input }) => judgeItem({ ctx, input }));
