import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trainer, TrainingQuery, TrainRequest } from '@embedding-studio/contracts';
import { embedWords, parseWordModel, type WordModel, wordsOf } from './word-model.ts';

export interface WordTrainerOptions {
  /** `learn`: words of queries come to mean what their clicked items share. `scramble`: training that does harm. */
  outcome?: 'learn' | 'scramble';
}

/** The Trainer port over word models: learns for real, in no time. */
export function createWordTrainer({ outcome = 'learn' }: WordTrainerOptions = {}): Trainer {
  const load = async (folder: string) => parseWordModel(await readFile(join(folder, 'model.onnx')));
  return {
    async train(request) {
      request.signal.throwIfAborted();
      const base = await load(request.modelFolder);
      const learnt = outcome === 'learn' ? learnSynonyms(request) : scramble(request);
      const model: WordModel = { synonyms: { ...base.synonyms, ...learnt } };
      await writeFile(join(request.outputFolder, 'model.onnx'), JSON.stringify(model));
      await copyFile(join(request.modelFolder, 'tokenizer.json'), join(request.outputFolder, 'tokenizer.json'));
      request.onValidation?.({ step: 0, ndcg10: 0.5 });
      request.onProgress({
        ...{ step: 1, stepsTotal: 1, loss: 0.5, learningRate: 1, gradientNorm: 1 },
        ...{ examplesPerSecond: 1, secondsLeft: 0 },
      });
      request.onValidation?.({ step: 1, ndcg10: 0.75 });
      return {
        ...{ steps: 1, stoppedBy: 'epochs', lossFirst: 1, lossLast: 0.5, seconds: 0 },
        ...{ trainableParameters: Object.keys(learnt).length, executionProvider: 'test', resumedFromStep: 0 },
      };
    },
    async encode({ modelFolder, texts, signal }) {
      signal.throwIfAborted();
      const model = await load(modelFolder);
      return texts.map((text) => embedWords(model, text));
    },
    async timeQueries({ modelFolders, texts }) {
      return modelFolders.map(() => texts.map(() => 1));
    },
    async quantizeModel({ modelFolder, outputFolder }) {
      await cp(modelFolder, outputFolder, { recursive: true });
    },
    async checkModel(folder) {
      await load(folder);
      return { dims: 0, texts: 0, paddingDifference: 0, gradients: [] };
    },
  };
}

/** A query word means the item word that its clicks have in common and that other items do not have. */
function learnSynonyms({ trainingSet }: TrainRequest): Record<string, string> {
  const spread = new Map<string, number>();
  for (const text of Object.values(trainingSet.itemTexts))
    for (const word of new Set(wordsOf(text))) spread.set(word, (spread.get(word) ?? 0) + 1);
  const together = new Map<string, Map<string, number>>();
  for (const query of trainingSet.queries) countTogether(together, query, trainingSet.itemTexts);
  const synonyms: Record<string, string> = {};
  for (const [word, counts] of together) {
    if (spread.has(word)) continue;
    const [best] = [...counts].sort(
      ([left, leftCount], [right, rightCount]) =>
        rightCount / Math.sqrt(spread.get(right) ?? 1) - leftCount / Math.sqrt(spread.get(left) ?? 1),
    );
    if (best !== undefined) synonyms[word] = best[0];
  }
  return synonyms;
}

function countTogether(
  together: Map<string, Map<string, number>>,
  query: TrainingQuery,
  itemTexts: Record<string, string>,
): void {
  for (const word of new Set(wordsOf(query.text))) {
    const counts = together.get(word) ?? new Map<string, number>();
    together.set(word, counts);
    for (const { itemId } of query.clicked)
      for (const itemWord of new Set(wordsOf(itemTexts[itemId] ?? '')))
        counts.set(itemWord, (counts.get(itemWord) ?? 0) + 1);
  }
}

function scramble({ trainingSet }: TrainRequest): Record<string, string> {
  const words = Object.values(trainingSet.itemTexts).flatMap(wordsOf);
  return Object.fromEntries(words.map((word, index) => [word, `noise${index % 3}`]));
}
