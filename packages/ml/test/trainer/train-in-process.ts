import { createTrainer } from '../../src/trainer/index.ts';
import { clusteredSet, tinySettings } from './tiny-artefact.ts';

/** A process of its own for tests that kill it: `node --import tsx train-in-process.ts <model> <work folder>`. */
const [modelFolder = '', workFolder = ''] = process.argv.slice(2);
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };
const trainer = createTrainer({ threads: 1, log, executionProviders: ['cpu'] });
const report = await trainer.train({
  modelFolder,
  outputFolder: `${workFolder}/out`,
  checkpointFolder: `${workFolder}/checkpoints`,
  trainingSet: clusteredSet(),
  settings: tinySettings({ epochsMax: 15, checkpointEverySteps: 3 }),
  signal: new AbortController().signal,
  onProgress: ({ step }) => process.stdout.write(`step ${step}\n`),
});
process.stdout.write(`resumed from ${report.resumedFromStep}\n`);
