import { ListAuditInput, listAudit } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listAuditProcedure = procedure.input(ListAuditInput).query(({ ctx, input }) => listAudit({ ctx, input }));
