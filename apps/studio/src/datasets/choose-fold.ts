import { StudioError } from '@embedding-studio/contracts';
import { type Dataset, trainSplit, unanswerableSplit } from './dataset.ts';

/** One turn of a cross-validation: the queries of the fold are reported as `test`, all others with a fold train. */
export function chooseFold(dataset: Dataset, fold: number): Dataset {
  const folds = readFolds(dataset);
  if (!folds.includes(fold)) {
    const known = folds.length === 0 ? noFolds : `there are ${folds.join(', ')}`;
    throw new StudioError('INPUT_INVALID', `--fold ${fold}: ${known}.`, { field: 'fold' });
  }
  const queries = dataset.queries.flatMap((query) => {
    if (query.split === unanswerableSplit) return [query];
    if (query.fold === undefined) return [];
    return [{ ...query, split: query.fold === fold ? 'test' : trainSplit }];
  });
  return { ...dataset, name: `${dataset.name} fold ${fold}`, queries };
}

/** The turns of a cross-validation, in their order: two at least, or there is nothing to train on. */
export function listFolds(dataset: Dataset): number[] {
  const folds = readFolds(dataset);
  if (folds.length >= 2) return folds;
  const found = folds.length === 0 ? noFolds : `all queries of queries.jsonl are of fold ${folds[0]}`;
  throw new StudioError('INPUT_INVALID', `--fold all: ${found}.`, { field: 'fold' });
}

const noFolds = 'no query of queries.jsonl has one';

function readFolds({ queries }: Dataset): number[] {
  return [...new Set(queries.flatMap(({ fold }) => fold ?? []))].sort((a, b) => a - b);
}
