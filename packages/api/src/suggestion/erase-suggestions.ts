import { EraseSuggestionsInput, eraseSuggestions } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const eraseSuggestionsProcedure = procedure
  .input(EraseSuggestionsInput)
  .mutation(({ ctx, input }) => eraseSuggestions({ ctx, input }));
