import type { Clock, Log, PluginRegistry } from '@embedding-studio/contracts';
import {
  type AnyPlugin,
  type PluginKind,
  type PluginListing,
  type PluginOf,
  type PluginSource,
  StudioError,
} from '../spec/index.ts';
import { type CheckedPlugin, checkPlugin } from './check-plugin.ts';
import { findFolderModules, findPackageModules } from './find-modules.ts';
import { type ExportedValue, loadModules } from './load-modules.ts';

export interface RegistryOptions {
  /** Come first: nobody can take their ids. */
  builtIns: readonly AnyPlugin[];
  /** Files and folders with plugins; none when not given. */
  folder?: string;
  packages?: { names: readonly string[]; from: string };
  clock: Clock;
  log: Log;
}

/** Failures in a row after which a plugin is left out for a while, and for how long. */
const failuresMax = 5;
const suspendedMs = 60_000;

interface Entry extends CheckedPlugin {
  source: PluginSource;
  failures: number;
  lastReason: string;
  suspendedUntil: number;
}

interface Refusal {
  source: PluginSource;
  /** What was exported; null when nothing could be read. */
  claim: unknown;
  error: string;
}

/**
 * Finds and checks all plugins. Never fails for a plugin: one that cannot be used is listed as `failed` with its error.
 */
export async function openPluginRegistry(options: RegistryOptions): Promise<PluginRegistry> {
  const { folder, packages, builtIns, clock, log } = options;
  const found = [
    ...(folder === undefined ? [] : await findFolderModules(folder)),
    ...(packages === undefined ? [] : await findPackageModules(packages.names, packages.from)),
  ];
  const values: ExportedValue[] = [
    ...builtIns.map((value) => ({ source: { type: 'built-in' as const, name: '' }, value })),
    ...(await loadModules(found)),
  ];
  const registry = new Registry(clock, log);
  for (const value of values) registry.add(value);
  return registry;
}

class Registry implements PluginRegistry {
  private readonly entries = new Map<string, Entry>();
  private readonly failed: PluginListing[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  add(exported: ExportedValue): void {
    const { source } = exported;
    if ('error' in exported) {
      this.refuse({ source, claim: null, error: exported.error.message });
      return;
    }
    try {
      this.take(source, checkPlugin(exported.value));
    } catch (error) {
      this.refuse({ source, claim: exported.value, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private take(source: PluginSource, checked: CheckedPlugin): void {
    const { id } = checked.plugin;
    const taken = this.entries.get(id);
    if (taken !== undefined) {
      const owner = `${taken.source.type} ${taken.source.name}`.trim();
      throw new StudioError('INPUT_INVALID', `The id ${id} is taken (${owner})`, { field: 'id' });
    }
    this.entries.set(id, { ...checked, source, failures: 0, lastReason: '', suspendedUntil: 0 });
  }

  private refuse(refusal: Refusal): void {
    this.failed.push(describeRefused(refusal));
    this.log.warn({ source: refusal.source, error: refusal.error }, 'plugin left out');
  }

  listPlugins(): PluginListing[] {
    const listed = [...this.entries.values()].map((entry) => this.describe(entry));
    const order = (one: PluginListing) => `${one.kind ?? '~'} ${one.id ?? '~'}`;
    return [...listed, ...this.failed].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  private describe(entry: Entry): PluginListing {
    const { id, kind, version, title, description, needs } = entry.plugin;
    const isSuspended = this.isSuspended(entry);
    return {
      ...{ id, kind, version, title, description, needs },
      configSchema: entry.configSchema,
      source: entry.source,
      status: isSuspended ? 'suspended' : 'ready',
      error: isSuspended ? entry.lastReason : null,
    };
  }

  findPlugin<Kind extends PluginKind>(kind: Kind, id: string): PluginOf[Kind] | null {
    const entry = this.entries.get(id);
    if (entry === undefined || entry.plugin.kind !== kind || this.isSuspended(entry)) return null;
    return entry.plugin as PluginOf[Kind];
  }

  reportFailure(plugin: AnyPlugin, reason: string): void {
    const entry = this.entries.get(plugin.id);
    if (entry === undefined) return;
    entry.failures++;
    entry.lastReason = reason;
    if (entry.failures < failuresMax) return;
    entry.suspendedUntil = this.clock.now().getTime() + suspendedMs;
    this.log.error({ pluginId: plugin.id, failures: entry.failures, reason }, 'plugin suspended');
  }

  reportSuccess(plugin: AnyPlugin): void {
    const entry = this.entries.get(plugin.id);
    if (entry !== undefined) entry.failures = 0;
  }

  private isSuspended(entry: Entry): boolean {
    return entry.suspendedUntil > this.clock.now().getTime();
  }
}

/** As much as the refused value says of itself in the right form. */
function describeRefused({ source, claim, error }: Refusal): PluginListing {
  const text = (name: string): string | null => {
    try {
      const said: unknown = Reflect.get(Object(claim), name);
      return typeof said === 'string' ? said.slice(0, 200) : null;
    } catch {
      return null;
    }
  };
  return {
    ...{ id: text('id'), kind: null, version: text('version') },
    title: text('title') ?? source.name,
    description: '',
    needs: [],
    configSchema: null,
    source,
    status: 'failed',
    error,
  };
}
