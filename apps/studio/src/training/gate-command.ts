import { StudioError } from '@embedding-studio/contracts';
import { type Ctx, describeRollout, findRollouts } from '@embedding-studio/core';
import type { Command } from 'commander';
import { projectOption } from '../access/open-running.ts';
import { type Place, withRunning } from '../access/with-running.ts';
import { renderGate } from './render-gate.ts';

interface GateOptions extends Place {
  model?: string;
  json?: boolean;
}

async function findJudged(ctx: Ctx, modelId: string): Promise<string> {
  const { rows } = await findRollouts({ ctx, input: { modelId } });
  const judged = rows.find(({ gate }) => gate !== null) ?? rows[0];
  if (judged !== undefined) return judged.id;
  throw new StudioError('ROLLOUT_NOT_FOUND', `No rollout brought model ${modelId} before the gate.`, {
    field: 'model',
  });
}

async function newest(ctx: Ctx): Promise<string> {
  const { rows } = await findRollouts({ ctx, input: {} });
  const judged = rows.find(({ gate }) => gate !== null);
  if (judged !== undefined) return judged.id;
  throw new StudioError('ROLLOUT_NOT_FOUND', 'The gate has not judged anything yet: ./studio train starts a rollout.');
}

export function registerGateCommand(program: Command): void {
  program
    .command('gate [rollout]')
    .description(
      'What the gate said: verdict, reasons, segments, worst losses; the newest verdict if nothing is named. Exit code 2: rejected.',
    )
    .option('--model <id>', 'the newest verdict about a model')
    .option('--json', 'print the report for a program')
    .option(...projectOption)
    .action((rollout: string | undefined, options: GateOptions) =>
      withRunning(options, async ({ ctx }) => {
        const named = options.model === undefined ? rollout : await findJudged(ctx, options.model);
        const rolloutId = named ?? (await newest(ctx));
        const { gate, rollout: found } = await describeRollout({ ctx, input: { rolloutId } });
        if (gate === null) return `${rolloutId} is ${found.state}: the gate has not judged it.`;
        if (gate.report.decision === 'rejected') process.exitCode = 2;
        return options.json ? JSON.stringify(gate.report, null, 2) : `${rolloutId}\n${renderGate(gate)}`;
      }),
    );
}
