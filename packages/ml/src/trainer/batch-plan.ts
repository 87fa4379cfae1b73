import type { HardNegativeSettings, LossSpec } from '@embedding-studio/contracts';
import type { ExampleSet } from './examples.ts';
import { isOn } from './loss-heads.ts';
import { createSeededRandom, type SeededRandom, shuffle } from './seeded-random.ts';

/** What one example contributes to one batch: item ids drawn for this epoch. */
export interface Visit {
  key: string;
  text: string;
  positives: { itemId: string; weight: number }[];
  /** Clicked as well and not drawn: only losses over graded lists look at them. */
  others: { itemId: string; weight: number }[];
  negatives: string[];
}

export interface PlanSettings {
  seed: number;
  batchQueries: number;
  loss: LossSpec;
  hardNegatives?: Pick<HardNegativeSettings, 'share' | 'perQuery'>;
}

const batchesPerBucket = 16;
const othersMax = 3;

/**
 * The micro-batches of one epoch; the same settings and epoch give the same plan on any machine.
 * Queries of a batch differ in their normalised text; items of like length meet, so that little is padded.
 * An unfilled last batch is left out when it is less than half full and not alone.
 */
export function planEpoch(set: ExampleSet, epoch: number, settings: PlanSettings): Visit[][] {
  const visits = set.examples.map((_, index) => drawVisit(set, { index, epoch, settings }));
  const random = createSeededRandom(settings.seed, epoch);
  const order = shuffle(visits, random);
  const bucketSize = settings.batchQueries * batchesPerBucket;
  const length = (visit: Visit) =>
    visit.positives.reduce((most, item) => Math.max(most, set.textOf(item.itemId).length), 0);
  const sorted: Visit[] = [];
  for (let at = 0; at < order.length; at += bucketSize) {
    sorted.push(...order.slice(at, at + bucketSize).sort((a, b) => length(a) - length(b)));
  }
  return shuffle(fillBatches(sorted, settings.batchQueries), random);
}

function drawVisit(
  set: ExampleSet,
  { index, epoch, settings }: { index: number; epoch: number; settings: PlanSettings },
): Visit {
  const example = set.examples[index];
  if (!example) return { key: '', text: '', positives: [], others: [], negatives: [] };
  const { loss } = settings;
  const random = createSeededRandom(settings.seed, epoch, index + 1);
  const positives = loss.kind === 'contrastive' ? [drawWeighted(example.clicked, random)] : example.clicked;
  const negatives = shuffle(example.skipped, random).slice(0, loss.negativesPerQuery);
  const hard = drawHard(example.hard, settings.hardNegatives, random);
  const isGraded = isOn(loss.coSent) || isOn(loss.gradedKl);
  const rest = isGraded ? example.clicked.filter((click) => !positives.includes(click)) : [];
  return {
    key: example.key,
    text: example.text,
    positives,
    others: rest.slice(0, othersMax),
    negatives: [...negatives, ...hard],
  };
}

function drawHard(
  hard: readonly string[],
  settings: PlanSettings['hardNegatives'],
  random: SeededRandom,
): readonly string[] {
  if (settings === undefined || hard.length === 0 || random.next() >= settings.share) return [];
  return shuffle(hard, random).slice(0, settings.perQuery);
}

type Click = { itemId: string; weight: number };

function drawWeighted(clicked: readonly Click[], random: SeededRandom): Click {
  let left = random.next() * clicked.reduce((sum, click) => sum + click.weight, 0);
  const drawn = clicked.find((click) => {
    left -= click.weight;
    return left < 0;
  });
  return drawn ?? (clicked.at(-1) as Click);
}

function fillBatches(visits: readonly Visit[], size: number): Visit[][] {
  const full: Visit[][] = [];
  const open: { visits: Visit[]; keys: Set<string> }[] = [];
  for (const visit of visits) {
    let at = open.findIndex((batch) => !batch.keys.has(visit.key));
    if (at < 0) at = open.push({ visits: [], keys: new Set() }) - 1;
    const batch = open[at];
    batch?.visits.push(visit);
    batch?.keys.add(visit.key);
    if (batch && batch.visits.length === size) full.push(...open.splice(at, 1).map((item) => item.visits));
  }
  const rest = open.map((batch) => batch.visits);
  const usable = rest.filter((batch) => batch.length * 2 >= size);
  return full.length + usable.length > 0 ? [...full, ...usable] : rest.slice(0, 1);
}
