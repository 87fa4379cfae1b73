import { CollectionInput, setLive } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const setLiveProcedure = procedure.input(CollectionInput).mutation(({ ctx, input }) => setLive({ ctx, input }));
