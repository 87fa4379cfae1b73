import {
  isStudioError,
  type MaybePromise,
  type PluginCall,
  type PluginKind,
  type PluginOf,
  type SearchPluginStep,
  StudioError,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { openConfig } from './config-secrets.ts';

export type PluginOutcome<T> = { ok: true; value: T } | { ok: false; reason: string };

export interface PluginWork<Kind extends PluginKind, Made, Checked> {
  kind: Kind;
  call(plugin: PluginOf[Kind], config: unknown, call: PluginCall): MaybePromise<Made>;
  /** Throws when what the plugin made breaks the promises of its kind. */
  check(made: Made): Checked;
}

/**
 * Runs one step of a chain. Whatever the plugin does wrong (throwing, coming late, answering nonsense) is logged and
 * told as the reason why it was skipped; only the caller's own abort is thrown.
 */
export async function runPlugin<Kind extends PluginKind, Made, Checked>(
  ctx: Ctx,
  step: SearchPluginStep,
  work: PluginWork<Kind, Made, Checked>,
): Promise<PluginOutcome<Checked>> {
  const { plugins, log } = ctx.deps;
  const plugin = plugins.findPlugin(work.kind, step.id);
  if (plugin === null) return { ok: false, reason: 'not available' };
  try {
    const config: unknown = plugin.config.parse(openConfig(ctx, step));
    const made = await withDeadline(ctx, step.deadlineMs, (call) => work.call(plugin, config, call));
    const value = work.check(made);
    plugins.reportSuccess(plugin);
    return { ok: true, value };
  } catch (error) {
    if (ctx.signal?.aborted) throw new StudioError('ABORTED', 'The search was given up by its caller.');
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ pluginId: step.id, requestId: ctx.requestId, reason }, 'plugin skipped');
    // What a store could not answer is not the plugin's fault.
    if (!isStudioError(error) || error.code !== 'STORE_UNAVAILABLE') plugins.reportFailure(plugin, reason);
    return { ok: false, reason };
  }
}

async function withDeadline<T>(ctx: Ctx, ms: number, run: (call: PluginCall) => MaybePromise<T>): Promise<T> {
  const stop = new AbortController();
  const tooLate = new StudioError('ABORTED', `no answer within ${ms} ms`);
  let timer: NodeJS.Timeout | undefined;
  const abandon = () => stop.abort(new StudioError('ABORTED', 'given up'));
  try {
    ctx.signal?.throwIfAborted();
    ctx.signal?.addEventListener('abort', abandon, { once: true });
    const late = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
      timer = setTimeout(() => stop.abort(tooLate), ms);
    });
    // A plugin that blocks the process cannot be stopped, but it is found out: its answer does not count either.
    const startedMs = performance.now();
    const made = run({ signal: stop.signal });
    if (performance.now() - startedMs > ms) throw tooLate;
    return await Promise.race([made, late]);
  } finally {
    clearTimeout(timer);
    ctx.signal?.removeEventListener('abort', abandon);
  }
}
