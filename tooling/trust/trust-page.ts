import type { Promised } from './promise.ts';
import { reliability } from './reliability.ts';
import { security } from './security.ts';

/** Of the last run that was read: how many tests of a promise passed and failed, and how long they took. */
export type Figures = Record<string, { passed: number; failed: number; seconds: number }>;

const intro = `# What is promised, and what shows it

Made by \`npm run trust\` from \`tooling/trust\`; a test holds it to the tree. Every promise is shown by tests that CI runs; \`npm run test:faults\` and
\`npm run test:security\` run those of each kind. The figures are of the last full run whose reports were read (\`npm run trust -- FOLDER\`): tests and seconds.
`;

/** docs/trust.md. */
export function renderTrust(figures: Figures): string {
  return `${[intro, ...section('Reliability', reliability, figures), ...section('Security', security, figures)].join('\n')}\n`;
}

function section(title: string, promises: readonly Promised[], figures: Figures): string[] {
  const rows = promises.map(({ id, promise, tests, open }) => {
    const shown = tests.map(({ file }) => `[${file.split('/').at(-1)?.replace(/\.ts$/, '')}](../${file})`);
    return `| ${id} | ${promise} | ${shown.join(', ') || 'nothing yet'} | ${figuresOf(figures[id])} | ${open ?? ''} |`;
  });
  return [
    `## ${title}`,
    '',
    '| | promise | shown by | last figures | open |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

function figuresOf(figures: Figures[string] | undefined): string {
  if (figures === undefined) return '';
  const { passed, failed, seconds } = figures;
  return `${passed} passed${failed > 0 ? `, ${failed} failed` : ''}, ${seconds.toFixed(1)} s`;
}

export const allPromises: readonly Promised[] = [...reliability, ...security];
