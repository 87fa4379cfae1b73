import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PropensityCurve } from '@embedding-studio/contracts';
import { measurePropensities, openPages, readPages } from '@embedding-studio/ml/bias';
import { chooseDataset } from '../../apps/studio/src/datasets/index.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { compareEstimators, type Estimator, judgeTrust, openTitleScore } from './compare-estimators.ts';
import { type Imposed, imposeBias } from './impose-bias.ts';
import { readRealPages } from './real-pages.ts';
import { renderPositionBias } from './render-position-bias.ts';
import {
  type Agreement,
  compareItemRates,
  compareLabels,
  foretellClicks,
  type Gain,
  type LabelChange,
} from './verify-curve.ts';

export interface PositionBiasBenchOptions {
  data?: string;
  json?: string;
}

export interface PositionBiasReport {
  dataset: string;
  curve: PropensityCurve;
  estimators: Estimator[];
  trust: string;
  heldOut: { split: string; pages: number; gain: Gain | null }[];
  labels: LabelChange;
  items: Agreement;
  imposed: Imposed[];
}

const resamples = 500;
const imposedQueries = 2_000;

/** The position bias of real readers, by every estimator, and what correcting it changes in the labels. */
export async function runPositionBiasBench(options: PositionBiasBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));
  const cacheFolder = fileURLToPath(new URL('../../.studio/data', import.meta.url));
  const dataset = await chooseDataset({ given: options.data, repositoryFolder, cacheFolder, sources: [], progress });
  const real = readRealPages(dataset);
  const found = readPages(real.train);
  progress.say(`${found.pages.length} training pages; estimating`);
  const curve = measurePropensities(found, { resamples });
  const theta = curve.points.map((point) => point.theta);
  const titles = new Map(dataset.items.map(({ id, title }) => [id, title ?? '']));
  const report: PositionBiasReport = {
    ...{ dataset: dataset.name, curve },
    estimators: compareEstimators(found.pages, openTitleScore(titles), resamples),
    trust: judgeTrust(openPages(found.pages)),
    heldOut: [...real.heldOut].map(([split, sessions]) => {
      const { pages } = readPages(sessions);
      return { split, pages: pages.length, gain: foretellClicks(pages, theta) };
    }),
    labels: compareLabels(real.train, theta),
    items: compareItemRates(found, [...real.heldOut.values()].flat(), theta),
    imposed: imposeBias(real.train.slice(0, imposedQueries)),
  };
  process.stdout.write(`${renderPositionBias(report)}\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return { isGoalMissed: report.heldOut.some(({ gain }) => gain !== null && gain.hi < 0) };
}
