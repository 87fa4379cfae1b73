'use client';

import type { AppRouter } from '@embedding-studio/api';
import { useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useTRPC } from '@/trpc/client';

type Outputs = inferRouterOutputs<AppRouter>['plugin'];
export type Plugin = Outputs['listPlugins'][number];
export type PluginUse = Outputs['listPluginUses'][number];
export type Chain = Outputs['getSearchPlugins'];
export type Trial = Outputs['tryPlugin'];

/** Names a plugin also where it could not be read far enough to know its id. */
export const pluginKey = ({ id, source }: Plugin): string => id ?? `${source.type}:${source.name}`;

export function usePlugins() {
  const trpc = useTRPC();
  return useQuery(trpc.plugin.listPlugins.queryOptions({}));
}

export function usePluginUses(): PluginUse[] {
  const trpc = useTRPC();
  return useQuery(trpc.plugin.listPluginUses.queryOptions()).data ?? [];
}

export function kindTitle(kind: string | null): string {
  if (kind === null) return 'Unknown';
  const words = kind.replaceAll('-', ' ').replace('fine tuning', 'fine-tuning');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
