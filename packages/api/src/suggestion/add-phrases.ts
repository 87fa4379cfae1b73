import { AddPhrasesInput, addPhrases } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const addPhrasesProcedure = procedure
  .input(AddPhrasesInput)
  .mutation(({ ctx, input }) => addPhrases({ ctx, input }));
