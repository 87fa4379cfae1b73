import { SuggestPhrasesInput, suggestPhrases } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const suggestPhrasesProcedure = procedure
  .input(SuggestPhrasesInput)
  .query(({ ctx, input }) => suggestPhrases({ ctx, input }));
