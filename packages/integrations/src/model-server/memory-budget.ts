import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServedModel, StudioError } from '@embedding-studio/contracts';
import { checkModelName } from './model-repository.ts';
import { memoryParameter } from './triton-config.ts';

export interface MemoryBudget {
  repositoryFolder: string;
  /** For all loaded models together. */
  budgetBytes: number;
}

/**
 * Sees that a model fits beside those that are loaded, by the estimates that lie beside them.
 * @throws StudioError MODEL_MEMORY_EXCEEDED with the figures
 */
export async function requireMemory(
  { repositoryFolder, budgetBytes }: MemoryBudget,
  { name, served }: { name: string; served: readonly ServedModel[] },
): Promise<void> {
  const loaded = served.filter(({ state }) => ['READY', 'LOADING', 'UNLOADING'].includes(state));
  if (loaded.some((model) => model.name === name)) return;
  const estimates = await Promise.all(loaded.map((model) => readEstimate(repositoryFolder, model.name)));
  const taken = estimates.reduce((sum, bytes) => sum + bytes, 0);
  const needed = await readEstimate(repositoryFolder, name);
  if (taken + needed <= budgetBytes) return;
  throw new StudioError(
    'MODEL_MEMORY_EXCEEDED',
    `${name} needs about ${megabytes(needed)} MB, and ${loaded.length} loaded models take ${megabytes(taken)} MB of the ${megabytes(budgetBytes)} MB of MODEL_MEMORY_MEGABYTES. Retire a model, or raise the budget.`,
  );
}

/** Zero for a model that was not installed by us. */
async function readEstimate(repositoryFolder: string, name: string): Promise<number> {
  const config = await readFile(join(repositoryFolder, checkModelName(name), 'config.pbtxt'), 'utf8').catch(() => '');
  const found = new RegExp(`key: "${memoryParameter}"\\s+value \\{\\s+string_value: "(\\d+)"`).exec(config);
  return Number(found?.[1] ?? 0);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}
