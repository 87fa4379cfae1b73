import { StudioError } from '@embedding-studio/contracts';
import { type Dataset, trainSplit, unanswerableSplit } from './dataset.ts';

/** One turn of a cross-validation: the queries of the fold are reported as `test`, all others with a fold train. */
export function chooseFold(dataset: Dataset, fold: number): Dataset {
  const folds = [...new Set(dataset.queries.flatMap((query) => query.fold ?? []))].sort((a, b) => a - b);
  if (!folds.includes(fold)) {
    const known = folds.length === 0 ? 'no query of queries.jsonl has one' : `there are ${folds.join(', ')}`;
    throw new StudioError('INPUT_INVALID', `--fold ${fold}: ${known}.`, { field: 'fold' });
  }
  const queries = dataset.queries.flatMap((query) => {
    if (query.split === unanswerableSplit) return [query];
    if (query.fold === undefined) return [];
    return [{ ...query, split: query.fold === fold ? 'test' : trainSplit }];
  });
  return { ...dataset, name: `${dataset.name} fold ${fold}`, queries };
}
