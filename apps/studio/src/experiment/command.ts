import { type ArmTreatment, StudioError } from '@embedding-studio/contracts';
import { estimateExploration } from '@embedding-studio/core';
import type { Command } from 'commander';
import { projectOption } from '../access/open-running.ts';
import { withRunning } from '../access/with-running.ts';
import { renderEstimate } from './render-estimate.ts';

interface EstimateFlags {
  collection?: string;
  treatment?: string;
  sessions?: string;
  json?: boolean;
  project?: string;
}

export function registerExperimentCommand(program: Command): void {
  const experiment = program.command('experiment').description('What logged searches say of another ranking.');
  experiment
    .command('estimate')
    .description('the click rate that explored places would have had by another ranking, without showing it to anybody')
    .option('--collection <id>', 'the collection that the other ranking answers from; default: the live one')
    .option('--treatment <json>', 'how it differs otherwise, as an arm of an experiment, e.g. {"vectorWeight": 1}')
    .option('--sessions <count>', 'newest sessions to look through (default 10000)')
    .option('--json', 'print the result as JSON')
    .option(...projectOption)
    .action((flags: EstimateFlags) =>
      withRunning(flags, async ({ ctx }) => {
        const given = readTreatment(flags.treatment);
        const treatment = flags.collection === undefined ? given : { ...given, collectionId: flags.collection };
        const sessions = flags.sessions === undefined ? undefined : Number(flags.sessions);
        const estimate = await estimateExploration({ ctx, input: { treatment, sessions } });
        return flags.json ? JSON.stringify(estimate, null, 2) : renderEstimate(estimate);
      }),
    );
}

function readTreatment(text: string | undefined): ArmTreatment {
  try {
    return text === undefined ? {} : JSON.parse(text);
  } catch (cause) {
    throw new StudioError('INPUT_INVALID', '--treatment is JSON, e.g. {"vectorWeight": 1}.', {
      field: 'treatment',
      cause,
    });
  }
}
