import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { gatewayFragment } from '../apps/gateway/src/settings.ts';
import { runFragment, serviceFragment } from '../apps/studio/src/settings-schema.ts';
import { webFragment } from '../apps/web/src/server/settings.ts';
import { workersFragment } from '../apps/workers/src/settings.ts';
import { studioFragment } from '../packages/composition/src/settings.ts';
import { metricsPortFragment, telemetryFragment } from '../packages/composition/src/telemetry-settings.ts';

export const envExamplePath = fileURLToPath(new URL('../.env.example', import.meta.url));

const sections = {
  'Services (`./studio` starts what is not named here)': serviceFragment,
  'The `./studio` command': runFragment,
  'Gateway and workers': studioFragment,
  'Gateway only': gatewayFragment,
  'Workers only': workersFragment,
  'Metrics and traces of gateway, console, workers and model server': telemetryFragment,
  'Metrics of workers, console and model server': metricsPortFragment,
  'Console only': webFragment,
};

interface Field {
  description?: string;
  default?: unknown;
  enum?: unknown[];
}

function linesOf(name: string, field: Field, required: boolean): string[] {
  const choices = field.enum === undefined ? '' : `One of ${field.enum.join(', ')}. `;
  const need = required && field.default === undefined ? 'Required. ' : '';
  const text = `${need}${choices}${field.description ?? ''}`.trim();
  return [...(text === '' ? [] : [`# ${text}`]), `# ${name}=${field.default ?? ''}`];
}

/** Text of .env.example: every variable of every process once, with what it means and its default. */
export function envExample(): string {
  const seen = new Set<string>();
  const parts = Object.entries(sections).map(([title, fragment]) => {
    const schema = z.toJSONSchema(fragment, { io: 'input', unrepresentable: 'any' });
    const fields = Object.entries(schema.properties ?? {}).filter(([name]) => !seen.has(name));
    const required = new Set(schema.required ?? []);
    for (const [name] of fields) seen.add(name);
    const body = fields.flatMap(([name, field]) => linesOf(name, field as Field, required.has(name)));
    return [`## ${title}`, ...body, ''].join('\n');
  });
  return [
    '# Written by `npm run env:example`; a test compares it. Nothing here is needed on one machine.',
    '',
    ...parts,
  ].join('\n');
}
