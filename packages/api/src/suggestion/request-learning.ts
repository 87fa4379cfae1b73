import { requestSuggestionLearning } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestSuggestionLearningProcedure = procedure.mutation(({ ctx }) => requestSuggestionLearning({ ctx }));
