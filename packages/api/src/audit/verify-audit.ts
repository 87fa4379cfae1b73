import { VerifyAuditInput, verifyAudit } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const verifyAuditProcedure = procedure
  .input(VerifyAuditInput)
  .query(({ ctx, input }) => verifyAudit({ ctx, input }));
