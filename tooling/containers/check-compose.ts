import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ownAppOf, unknownSettings } from './known-settings.ts';
import type { Compose, ComposeService } from './read-compose.ts';

/** May be reached from outside the host's own networks. */
const published = new Set(['gateway', 'web', 'grafana']);
const secretName = /(PASSWORD|SECRET|TOKEN|_KEY$)/;

/** What is wrong with an installation's compose files, one sentence each; `folder` is theirs. */
export function checkCompose(compose: Compose, folder: string): string[] {
  const faults = Object.entries(compose.services).flatMap(([name, service]) =>
    [
      ...checkImage(service),
      ...checkSettings(service),
      ...checkNetwork(name, service),
      ...checkLife(service, compose),
      ...checkVolumes(service, { compose, folder }),
    ].map((fault) => `${name}: ${fault}`),
  );
  return [...faults, ...(compose.networks.stores?.internal === true ? [] : ['networks: stores is not internal.'])];
}

function checkImage({ image = '' }: ComposeService): string[] {
  const tag = /:((?:[^:@/{}]|\$\{[^}]*\})+)\}?(@sha256:[0-9a-f]{64})?$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? [`${image} is not pinned to a version.`] : [];
}

function checkSettings({ image = '', environment }: ComposeService): string[] {
  const app = ownAppOf(image);
  const names = Object.keys(environment);
  const unknown = app === null ? [] : unknownSettings(app, names);
  const open = names.filter((name) => secretName.test(name) && !name.endsWith('_FILE'));
  return [
    ...unknown.map((name) => `${name} is no setting of ${app}.`),
    ...open.map((name) => `${name} is written out; give ${name}_FILE.`),
    ...Object.values(environment)
      .flatMap((value) => [...value.matchAll(/\$\{([A-Z_]+)\}/g)])
      .map(([, name]) => `\${${name}} has no default.`),
  ];
}

function checkNetwork(name: string, { ports, networks, network_mode }: ComposeService): string[] {
  const isLone = network_mode === 'none' || networks.length > 0;
  return [
    ...(isLone ? [] : ['it is in the default network.']),
    ...(ports.length > 0 && !published.has(name) ? ['only the gateway, the console and Grafana are published.'] : []),
    ...ports
      .filter((port) => !/^(127\.0\.0\.1|\$\{PUBLISH_ADDRESS:-127\.0\.0\.1\}):/.test(port))
      .map((port) => `${port} is published on every address.`),
  ];
}

function checkLife({ healthcheck, restart, deploy, depends_on }: ComposeService, { services }: Compose): string[] {
  const isJob = restart === 'no';
  const isExempt = isJob || healthcheck?.disable === true;
  const waits = Object.entries(depends_on).flatMap(([other, { condition }]) => {
    const target = services[other];
    if (target === undefined) return [`it waits for ${other}, which is no service.`];
    const wanted = target.restart === 'no' ? 'service_completed_successfully' : 'service_healthy';
    return condition === wanted ? [] : [`it waits for ${other} until ${condition}; ${wanted} is meant.`];
  });
  return [
    ...(isExempt || healthcheck?.test !== undefined ? [] : ['it has no healthcheck.']),
    ...(deploy?.resources.limits === undefined ? ['it has no limits.'] : []),
    ...waits,
  ];
}

function checkVolumes({ volumes }: ComposeService, place: { compose: Compose; folder: string }): string[] {
  return volumes.flatMap((volume) => {
    const [source = ''] = volume.split(':');
    if (!source.startsWith('.'))
      return source in place.compose.volumes ? [] : [`the volume ${source} is not declared.`];
    return existsSync(join(place.folder, source)) ? [] : [`${source} does not exist.`];
  });
}
