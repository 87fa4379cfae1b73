import { deletePhrase, PhraseIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const deletePhraseProcedure = procedure
  .input(PhraseIdInput)
  .mutation(({ ctx, input }) => deletePhrase({ ctx, input }));
