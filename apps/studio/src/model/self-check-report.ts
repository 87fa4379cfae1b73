import type { ModelCheck, ModelManifest } from '@embedding-studio/contracts';
import { table } from '../terminal/table.ts';

export interface SelfCheckReport {
  passed: boolean;
  model: Pick<ModelManifest, 'name' | 'dims' | 'maxTokens' | 'inputs' | 'queryPrefix' | 'itemPrefix' | 'source'>;
  /** What the import understood. */
  notes: string[];
  check: ModelCheck | null;
  /** Why it failed; null when it passed. */
  reason: string | null;
  /** Id in the installation; null when it was not registered. */
  modelId: string | null;
}

const apart = ({ expected, measured }: ModelCheck['gradients'][number]): number =>
  Math.abs(measured - expected) / Math.max(Math.abs(expected), 1e-12);

function checkRows({ check }: SelfCheckReport): string[][] {
  if (check === null) return [];
  const threads = [...new Set(check.gradients.map((one) => one.threads))];
  return [
    ['files', 'ok', 'hashes are those of the manifest'],
    ['vectors', 'ok', `${check.texts} texts, ${check.dims} numbers each, finite, length 1`],
    ['determinism', 'ok', 'two runs answer the same bits'],
    ['padding', 'ok', `moves a number by ${check.paddingDifference.toExponential(1)} at most`],
    ...threads.map((count) => {
      const slopes = check.gradients.filter((one) => one.threads === count);
      const worst = Math.max(...slopes.map(apart));
      const detail = `${slopes.length} directions against finite differences, at most ${(100 * worst).toFixed(2)} % apart`;
      return [`gradients, ${count} thread${count > 1 ? 's' : ''}`, 'ok', detail];
    }),
  ];
}

/** The report as people read it. */
export function renderSelfCheck(report: SelfCheckReport): string[] {
  const { model, notes, reason, modelId } = report;
  const prefixes =
    model.queryPrefix || model.itemPrefix ? [`prefixes ${JSON.stringify([model.queryPrefix, model.itemPrefix])}`] : [];
  const facts = [`${model.dims} dims`, `${model.maxTokens} tokens`, model.inputs.join(' + '), ...prefixes];
  return [
    `${model.name}  (${facts.join(', ')})`,
    `from ${model.source}`,
    ...notes.map((note) => `- ${note}`),
    '',
    ...table(
      ['check', 'result', 'found'],
      [...checkRows(report), ...(reason ? [['self-check', 'FAILED', reason]] : [])],
    ),
    '',
    reason
      ? 'It was not registered.'
      : modelId
        ? `Registered as ${modelId}: choose it as a base model in the console.`
        : 'It was not registered (--no-register).',
  ];
}
