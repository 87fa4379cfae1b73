import { join } from 'node:path';
import type {
  HardNegativeReport,
  MixingSet,
  ModelRecord,
  SessionWithEvents,
  TrainingSet,
  TrainingSettings,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { splitSeed } from './batch-split.ts';
import { buildMixingSet } from './build-mixing-set.ts';
import { drawAnchors } from './draw-anchors.ts';
import { addNegatives, mineHardNegatives } from './mine-hard-negatives.ts';
import { rememberIn } from './remember-in.ts';

/** What a trainer is given besides clicks, by what the settings ask for. */
export interface TrainingAids {
  /** With hard negatives at its queries. */
  trainingSet: TrainingSet;
  anchorTexts?: string[];
  mixing?: MixingSet;
  hardNegatives?: HardNegativeReport;
}

interface AidRequest {
  settings: TrainingSettings;
  /** Sessions that train nothing and that the gate does not ask: they choose a mix of weights. */
  mixing: readonly SessionWithEvents[];
  trainingSet: TrainingSet;
  base: ModelRecord;
  /** Of the run: later attempts find there what the first one drew. */
  folder: string;
}

export async function prepareAids(ctx: Ctx, request: AidRequest): Promise<TrainingAids> {
  return { ...(await prepareTexts(ctx, request)), ...(await prepareNegatives(ctx, request)) };
}

function prepareTexts(ctx: Ctx, request: AidRequest): Promise<Pick<TrainingAids, 'anchorTexts' | 'mixing'>> {
  const { settings, mixing, trainingSet, folder } = request;
  const isAnchored = (settings.loss.anchor ?? 0) > 0;
  if (!isAnchored && !settings.wiseFt) return Promise.resolve({});
  return rememberIn(join(folder, 'anchors.json'), async () => {
    const anchors = await drawAnchors(ctx, { trainingSet, seed: splitSeed });
    return {
      ...(isAnchored && { anchorTexts: anchors.map((item) => item.parts[0] ?? item.title) }),
      ...(settings.wiseFt && { mixing: await buildMixingSet(ctx, { sessions: mixing, anchors, seed: splitSeed }) }),
    };
  });
}

async function prepareNegatives(
  ctx: Ctx,
  { settings, trainingSet, base, folder }: AidRequest,
): Promise<Pick<TrainingAids, 'trainingSet' | 'hardNegatives'>> {
  const { hardNegatives, seed } = settings;
  if (hardNegatives === undefined) return { trainingSet };
  const mined = await rememberIn(join(folder, 'hard-negatives.json'), async () => {
    const { folder: modelFolder } = await fetchArtefact(ctx, base);
    const model = { id: base.id, artefactKey: base.artefactKey, folder: modelFolder };
    return mineHardNegatives(ctx, { base: model, trainingSet, settings: hardNegatives, seed });
  });
  return { trainingSet: addNegatives(trainingSet, mined), hardNegatives: mined.report };
}
