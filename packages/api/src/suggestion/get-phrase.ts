import { getPhrase, PhraseIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getPhraseProcedure = procedure.input(PhraseIdInput).query(({ ctx, input }) => getPhrase({ ctx, input }));
