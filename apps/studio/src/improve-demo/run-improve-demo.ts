import { join } from 'node:path';
import { chooseDataset, type Dataset, loadIcons } from '../datasets/index.ts';
import { readSettings } from '../environment.ts';
import { awaitRollout, requireLive } from '../eval/await-rollout.ts';
import { feedItems } from '../eval/feed-items.ts';
import { modelCacheOf, openRun } from '../eval/open-run.ts';
import { repositoryFolder } from '../services/machine.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { createProgress } from '../terminal/progress.ts';
import { table } from '../terminal/table.ts';
import { type ClickOutcome, measureClick } from './measure-click.ts';

export interface ImproveDemoOptions {
  data?: string;
  model: string;
  items: number;
  queries: number;
  people: number;
}

/** The whole of `studio improve-demo`. */
export async function runImproveDemo(options: ImproveDemoOptions): Promise<void> {
  const settings = readSettings();
  const progress = createProgress();
  const stateFolder = findStateFolder(settings);
  const cacheFolder = join(stateFolder, 'datasets');
  const sources = settings.STUDIO_SOURCES;
  const dataset =
    options.data === undefined
      ? await loadIcons()
      : await chooseDataset({ given: options.data, repositoryFolder, cacheFolder, sources, progress });
  progress.say(`data: ${dataset.name}, ${dataset.source}`);
  const run = await openRun({
    folder: join(stateFolder, 'improve-demo'),
    modelCacheFolder: modelCacheOf(stateFolder),
    model: options.model,
    settings,
    variables: { PART_WORDS_MAX: '40', PARTS_MAX: '1', SWEEP_INTERVAL_MS: '500' },
    progress,
  });
  try {
    await feedItems({ client: run.client, items: dataset.items.slice(0, options.items), progress });
    const { id } = await run.client.rollout.requestInitialIndex.mutate({ modelId: run.model.id });
    requireLive(await awaitRollout({ client: run.client, rolloutId: id, progress }));
    await run.client.improvement.updateImprovement.mutate({ isOn: true });
    const outcomes: ClickOutcome[] = [];
    for (const [place, query] of chooseQueries(dataset, options.queries).entries()) {
      progress.say(`clicking on "${query}"`);
      const outcome = await measureClick({ client: run.client, query, people: options.people, place });
      if (outcome !== null) outcomes.push(outcome);
    }
    process.stdout.write(`${render(outcomes, options.people).join('\n')}\n`);
  } finally {
    await run.stop();
  }
}

function chooseQueries(dataset: Dataset, count: number): string[] {
  const texts = [...new Set(dataset.queries.map(({ text }) => text))];
  const step = Math.max(1, Math.floor(texts.length / count));
  return Array.from({ length: count }, (_, at) => texts[at * step] ?? '').filter((text) => text !== '');
}

function render(outcomes: readonly ClickOutcome[], people: number): string[] {
  const percent = (value: number) => `${Math.round(100 * value)} %`;
  const rows = outcomes.map(({ query, rank, kept, visibleAfter }) => [
    query.slice(0, 32),
    String(rank.before),
    String(rank.forUser),
    String(rank.forOthers),
    percent(kept.afterOne),
    String(rank.afterPeople),
    percent(kept.afterPeople),
    `${visibleAfter.toFixed(1)} s`,
  ]);
  const many = `${people} more`;
  const header = [
    'query',
    'rank',
    'for the user',
    'for others',
    'list kept',
    `after ${many}`,
    'list kept',
    'seen after',
  ];
  return [
    '',
    `one click on the item at rank 5, then the same click of ${many}; meaning alone, no fine-tuning, no reindex`,
    '',
    ...table(header, rows),
    '',
  ];
}
