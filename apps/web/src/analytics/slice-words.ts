import type { SliceBy } from '@embedding-studio/core';

export const sliceTitles: Record<SliceBy, string> = {
  model: 'Model',
  collection: 'Collection',
  arm: 'Experiment arm',
  device: 'Device',
  surface: 'Surface',
  category: 'Category',
  answer: 'Way of answering',
  queries: 'Frequent and rare queries',
  query: 'Query',
};

/** What fills a dimension that no session has a value of. */
export const sliceSources: Record<SliceBy, string> = {
  model: 'No searches in this period.',
  collection: 'No searches in this period.',
  arm: 'No search of this period took part in an experiment.',
  device: 'Send searchMeta.device with your sessions ("phone", "desktop") to see figures by device.',
  surface: 'Send searchMeta.surface with your sessions ("app", "site header") to see figures by surface.',
  category: 'Send searchMeta.category with your sessions to see figures by category.',
  answer: 'Every search of this period was answered by meaning and words.',
  queries: 'No searches in this period.',
  query: 'No searches in this period.',
};

const queriesWords: Record<string, string> = {
  frequent: 'Frequent queries (half of all searches)',
  rare: 'All other queries',
};

export function sliceLabel(by: SliceBy, slice: string, names: ReadonlyMap<string, string>): string {
  if (by === 'queries') return queriesWords[slice] ?? slice;
  if (slice === 'none' && (by === 'model' || by === 'collection')) return 'Not our own search';
  if (by === 'answer' && slice === 'words') return 'By words only';
  if (by === 'arm') return names.get(slice) ?? slice.replace('/', ' · ');
  return names.get(slice) ?? slice;
}
