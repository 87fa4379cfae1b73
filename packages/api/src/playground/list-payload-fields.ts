import { listPayloadFields } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listPayloadFieldsProcedure = procedure.query(({ ctx }) => listPayloadFields({ ctx }));
