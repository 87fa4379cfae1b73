import { ListUsersInput, listUsers } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listUsersProcedure = procedure.input(ListUsersInput).query(({ ctx, input }) => listUsers({ ctx, input }));
