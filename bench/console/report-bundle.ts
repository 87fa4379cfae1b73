import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { type Bundle, type PageBundle, readBundle } from './read-bundle.ts';

/** Scripts of a page on a first visit, gzip; and what a page may add to what others bring. */
export const pageBudgetKib = 340;
export const ownBudgetKib = 60;
const sharedShown = 8;
/** Shows every component there is, to those who work on them. */
const exempt = new Set(['/gallery']);
const buildFolder = join(import.meta.dirname, '../../apps/web/.next');

export interface BundleReport extends Bundle {
  budget: { pageKib: number; ownKib: number };
  /** Pages above the budget, each with what it exceeds. */
  exceeding: string[];
}

export async function makeBundleReport(folder = buildFolder): Promise<BundleReport> {
  if (!existsSync(join(folder, 'build-manifest.json')))
    throw new TypeError(`${folder} holds no build of the console: ./studio up makes one.`);
  const bundle = await readBundle(folder);
  const budget = { pageKib: pageBudgetKib, ownKib: ownBudgetKib };
  return { ...bundle, budget, exceeding: bundle.pages.flatMap(faultsOf) };
}

const kib = (bytes: number) => (bytes / 1024).toFixed(0);

function faultsOf({ page, bytes, ownBytes }: PageBundle): string[] {
  if (exempt.has(page)) return [];
  return [
    ...(bytes > pageBudgetKib * 1024 ? [`${page} brings ${kib(bytes)} KiB; the budget is ${pageBudgetKib}`] : []),
    ...(ownBytes > ownBudgetKib * 1024 ? [`${page} adds ${kib(ownBytes)} KiB; the budget is ${ownBudgetKib}`] : []),
  ];
}

export function renderBundle({ pages, shared, exceeding }: BundleReport): string {
  const rows = pages.map(({ page, bytes, ownBytes }) => [page, kib(bytes), kib(ownBytes)]);
  const chunks = shared.slice(0, sharedShown).map(({ file, bytes, pages: count }) => [file, kib(bytes), String(count)]);
  return [
    ...table(['page', 'JavaScript, KiB gzip', 'its own'], rows),
    '',
    ...table(['largest shared chunks', 'KiB gzip', 'pages'], chunks),
    '',
    exceeding.length === 0
      ? `met: at most ${pageBudgetKib} KiB a page, ${ownBudgetKib} KiB of its own (${[...exempt].join(', ')} aside)`
      : `MISSED: ${exceeding.join('; ')}`,
  ].join('\n');
}

/** By itself: needs a build, no services and no browser. */
export async function runBundleBench(options: { json?: string }): Promise<{ isGoalMissed: boolean }> {
  const report = await makeBundleReport();
  process.stdout.write(`${renderBundle(report)}\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return { isGoalMissed: report.exceeding.length > 0 };
}
