import { StudioError, type Telemetry } from '@embedding-studio/contracts';
import { LoadedModel } from './loaded-model.ts';
import { hasModel, listModels, modelPath } from './model-repository.ts';
import type { ModelTraffic } from './server-metrics.ts';

export interface ModelPoolSettings {
  repositoryFolder: string;
  /** Threads inside one run of one model. */
  threads: number;
  batchRowsMax: number;
  queueMax: number;
  /** Tried in order, e.g. `['cuda', 'cpu']`. */
  executionProviders: string[];
  /** Models in memory at once; one more is refused until another is unloaded. */
  modelsMax: number;
  /** Told of every request and run. */
  telemetry?: Telemetry;
}

/** Longest wait for requests that came before an unload. */
const drainMs = 30_000;

/** The loaded models. Loading and unloading are explicit; a failed reload keeps what was there. */
export class ModelPool {
  private readonly loaded = new Map<string, LoadedModel>();
  private readonly unloading = new Set<string>();
  private readonly loading = new Map<string, Promise<void>>();

  constructor(private readonly settings: ModelPoolSettings) {}

  find(name: string): LoadedModel {
    const model = this.loaded.get(name);
    if (model) return model;
    throw new StudioError('MODEL_NOT_FOUND', `Model "${name}" is not loaded.`, {
      publicMessage: `Load model "${name}" first.`,
    });
  }

  isLoaded(name: string): boolean {
    return this.loaded.has(name);
  }

  async index(): Promise<{ name: string; version: string; state: string }[]> {
    const names = await listModels(this.settings.repositoryFolder);
    return names.map((name) => ({ name, version: '1', state: this.stateOf(name) }));
  }

  summarise(): ModelTraffic[] {
    return [...this.loaded].map(([name, model]) => model.statistics.summarise(name, model.pending));
  }

  private stateOf(name: string): string {
    if (this.loaded.has(name)) return 'READY';
    if (this.loading.has(name)) return 'LOADING';
    return this.unloading.has(name) ? 'UNLOADING' : 'UNAVAILABLE';
  }

  /** Idempotent; concurrent calls for one name share one load. */
  load(name: string): Promise<void> {
    if (this.loaded.has(name)) return Promise.resolve();
    const pending = this.loading.get(name) ?? this.open(name).finally(() => this.loading.delete(name));
    this.loading.set(name, pending);
    return pending;
  }

  async unload(name: string): Promise<void> {
    const model = this.loaded.get(name);
    if (model === undefined) return;
    this.loaded.delete(name);
    this.unloading.add(name);
    await model.drain(drainMs);
    await model.close();
    this.unloading.delete(name);
  }

  async close(): Promise<void> {
    const models = [...this.loaded.values()];
    this.loaded.clear();
    await Promise.all(models.map((model) => model.close()));
  }

  private async open(name: string): Promise<void> {
    const { repositoryFolder, modelsMax, ...settings } = this.settings;
    if (!(await hasModel(repositoryFolder, name))) {
      throw new StudioError('MODEL_NOT_FOUND', `The repository has no model "${name}".`, { field: 'model_name' });
    }
    if (this.loaded.size + this.loading.size > modelsMax) {
      throw new StudioError('MODEL_SERVER_UNAVAILABLE', `${modelsMax} models are loaded already; unload one first.`);
    }
    this.loaded.set(name, await LoadedModel.load({ ...settings, modelPath: modelPath(repositoryFolder, name) }));
  }
}
