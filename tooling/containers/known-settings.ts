import { gatewayFragment } from '../../apps/gateway/src/settings.ts';
import { webFragment } from '../../apps/web/src/server/settings.ts';
import { workersFragment } from '../../apps/workers/src/settings.ts';
import { studioFragment } from '../../packages/composition/src/settings.ts';
import { metricsPortFragment, telemetryFragment } from '../../packages/composition/src/telemetry-settings.ts';

const stores = studioFragment.shape;
const told = telemetryFragment.shape;
const port = metricsPortFragment.shape;
const own = {
  gateway: { ...stores, ...told, ...gatewayFragment.shape },
  workers: { ...stores, ...told, ...port, ...workersFragment.shape },
  web: { ...stores, ...told, ...port, ...webFragment.shape },
  'model-server': { ...told, ...port },
};
export type OwnApp = keyof typeof own;

/** What Node.js and Next.js themselves read. */
const foreign = ['NODE_ENV', 'NODE_OPTIONS', 'NEXT_TELEMETRY_DISABLED', 'TSX_TSCONFIG_PATH', 'TZ'];

/** Names of the variables that an app's settings schema reads. */
export function knownSettings(app: OwnApp): ReadonlySet<string> {
  return new Set([...Object.keys(own[app]), ...foreign]);
}

/** Those of a list that the app would never read; `NAME_FILE` stands for `NAME`, as docker/entry.sh has it. */
export function unknownSettings(app: OwnApp, names: readonly string[]): string[] {
  const known = knownSettings(app);
  return names.filter((name) => !known.has(name) && !known.has(name.replace(/_FILE$/, '')));
}

export function ownAppOf(image: string): OwnApp | null {
  const name = /(?:^|\/)(gateway|web|workers|model-server)(?:-gpu(?:-tensorflow)?)?(?::|$)/.exec(image)?.[1];
  return name === undefined ? null : (name as OwnApp);
}
