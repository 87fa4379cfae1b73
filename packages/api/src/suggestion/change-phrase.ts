import { ChangePhraseInput, changePhrase } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const changePhraseProcedure = procedure
  .input(ChangePhraseInput)
  .mutation(({ ctx, input }) => changePhrase({ ctx, input }));
