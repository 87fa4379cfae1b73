import { type Ctx, getGoldenRuns, requestGoldenRun } from '@embedding-studio/core';
import type { Command } from 'commander';
import { projectOption } from '../access/open-running.ts';
import { type Place, withRunning } from '../access/with-running.ts';
import { createProgress } from '../terminal/progress.ts';
import { followTask } from '../training/follow-training.ts';
import { renderGolden, renderGoldenRun } from './render-golden.ts';

interface GoldenFlags extends Place {
  json?: boolean;
}

const exitCodeOfDrop = 2;

export function registerGoldenCommand(program: Command): void {
  const golden = program.command('golden').description('Measure the live search by the golden set of judged queries.');
  golden
    .command('run')
    .description('Ask every judged query now, wait, and print the scores; exit code 2 when they fell beyond chance.')
    .option('--no-watch', 'only ask for it; the workers do the rest')
    .option('--json', 'print the run as JSON')
    .option(...projectOption)
    .action((flags: GoldenFlags & { watch: boolean }) => withRunning(flags, ({ ctx }) => runGolden(ctx, flags)));
  golden
    .command('status')
    .description('The last runs, what they fell by, and when the next one is due.')
    .option('--json', 'print it as JSON')
    .option(...projectOption)
    .action((flags: GoldenFlags) =>
      withRunning(flags, async ({ ctx }) => {
        const found = await getGoldenRuns({ ctx });
        return flags.json ? JSON.stringify(found, null, 2) : renderGolden(found);
      }),
    );
}

async function runGolden(ctx: Ctx, flags: GoldenFlags & { watch: boolean }): Promise<string> {
  const progress = createProgress();
  const { taskId } = await requestGoldenRun({ ctx });
  if (!flags.watch) return flags.json ? JSON.stringify({ taskId }) : taskId;
  progress.say(`requested ${taskId}`);
  const { result } = await followTask(
    { ctx, progress, now: () => performance.now() },
    { taskId, what: 'The golden run' },
  );
  const { runs } = await getGoldenRuns({ ctx });
  const run = runs.find(({ id }) => id === result?.runId);
  if (run?.change?.isAlert === true) process.exitCode = exitCodeOfDrop;
  return flags.json ? JSON.stringify(run ?? null, null, 2) : renderGoldenRun(run);
}
