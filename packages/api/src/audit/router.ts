import { router } from '../trpc.ts';
import { listAuditProcedure } from './list-audit.ts';
import { verifyAuditProcedure } from './verify-audit.ts';

export const auditRouter = router({
  listAudit: listAuditProcedure,
  verifyAudit: verifyAuditProcedure,
});
