import { type ItemProcessing, type PluginKind, type PluginOf, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import type { PartMaker } from './compose-item.ts';

/** The plugins of an item's processing, found and configured. @throws StudioError INPUT_INVALID naming the field */
export function preparePartMaker(ctx: Ctx, { textProcessors, splitter }: ItemProcessing): PartMaker {
  const steps = textProcessors.map((step, at) => {
    const field = `processing.textProcessors.${at}`;
    const plugin = findContentPlugin(ctx, { kind: 'text-processor', id: step.id, field });
    const config = parsePluginConfig(plugin, { config: step.config, field });
    return (text: string) => plugin.process(text, config);
  });
  const maker: PartMaker = {};
  if (steps.length > 0) maker.process = (text) => steps.reduce((processed, step) => step(processed), text);
  if (splitter !== null) {
    const field = 'processing.splitter';
    const plugin = findContentPlugin(ctx, { kind: 'splitter', id: splitter.id, field });
    const config = parsePluginConfig(plugin, { config: splitter.config, field });
    maker.split = (text) => plugin.split(text, config);
  }
  return maker;
}

function findContentPlugin<Kind extends PluginKind>(
  ctx: Ctx,
  wanted: { kind: Kind; id: string; field: string },
): PluginOf[Kind] {
  const plugin = ctx.deps.plugins.findPlugin(wanted.kind, wanted.id);
  if (plugin !== null) return plugin;
  const field = `${wanted.field}.id`;
  throw new StudioError('INPUT_INVALID', `${field}: there is no ${wanted.kind} ${wanted.id} here`, { field });
}

function parsePluginConfig(
  plugin: PluginOf['splitter'] | PluginOf['text-processor'],
  given: { config: Record<string, unknown>; field: string },
): unknown {
  const parsed = plugin.config.safeParse(given.config);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = [given.field, 'config', ...(issue?.path ?? [])].map(String).join('.');
  throw new StudioError('INPUT_INVALID', `${field}: ${issue?.message ?? 'is not valid'}`, { field });
}
