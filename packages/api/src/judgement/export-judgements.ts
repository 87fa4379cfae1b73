import { ExportJudgementsInput, exportJudgements } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const exportJudgementsProcedure = procedure
  .input(ExportJudgementsInput)
  .query(({ ctx, input }) => exportJudgements({ ctx, input }));
