import type { AuditChain } from '@embedding-studio/contracts';
import { verifyAudit } from '@embedding-studio/core';
import type { Command } from 'commander';
import { projectOption } from '../access/open-running.ts';
import { type Place, withRunning } from '../access/with-running.ts';
import { judgeChain } from './judge-chain.ts';

interface AuditFlags extends Place {
  head?: string;
  json?: boolean;
}

export function registerAuditCommand(program: Command): void {
  const audit = program.command('audit').description('What was changed, by whom, and whether that was tampered with.');
  audit
    .command('verify')
    .description('Follow the links of the audit log; exit code 2 where a row was changed, put in or taken out.')
    .option('--head <hash>', 'a head that was printed before and kept elsewhere: it must still be part of the log')
    .option('--json', 'print what was found as JSON')
    .option(...projectOption)
    .action((flags: AuditFlags) =>
      withRunning(flags, async ({ ctx }) => tell(await verifyAudit({ ctx, input: { head: flags.head } }), flags)),
    );
}

function tell(chain: AuditChain, { head, json }: AuditFlags): string {
  const { isWhole, words } = judgeChain(chain, head);
  if (!isWhole) process.exitCode = 2;
  return json ? JSON.stringify(chain, null, 2) : words;
}
