import { ListPhrasesInput, listPhrases } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listPhrasesProcedure = procedure
  .input(ListPhrasesInput)
  .query(({ ctx, input }) => listPhrases({ ctx, input }));
