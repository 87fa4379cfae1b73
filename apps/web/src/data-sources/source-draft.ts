import { checkValue, type Faults, type JsonSchema } from '@/ui/json-schema';
import type { Source } from './use-sources';

type Mapping = Source['mapping'];
type Processing = Source['processing'];

/** A source as it stands in the wizard. */
export interface SourceDraft {
  loader: string | null;
  config: Record<string, unknown>;
  mapping: Mapping;
  processing: Processing;
  name: string;
  deletions: Source['deletions'];
}

const emptyDraft: SourceDraft = {
  loader: null,
  config: {},
  mapping: { id: null, title: null, text: [], payload: null },
  processing: { textProcessors: [], splitter: null },
  name: '',
  deletions: 'keep',
};

export function startDraft(source: Source | null): SourceDraft {
  if (source === null) return emptyDraft;
  const { loader, config, mapping, processing, name, deletions } = source;
  return { loader, config, mapping, processing, name, deletions };
}

/** What test and preview are given: a stored source with its changes, or one that is not stored. */
export function targetOf(draft: SourceDraft, sourceId: string | null) {
  const { loader, config, mapping, processing } = draft;
  const place = sourceId === null ? { loader: loader ?? '' } : { sourceId };
  return { ...place, config, mapping, processing };
}

/** Faults of the config by dotted path: those of its schema, and the one that the server named. */
export function configFaults(
  schema: JsonSchema | null,
  draft: SourceDraft,
  fromServer: { field: string | null; message: string } | null,
): Faults {
  const faults = schema === null ? {} : checkValue(schema, draft.config);
  const field = fromServer?.field?.replace(/^config\./, '');
  if (fromServer && field && fromServer.field?.startsWith('config.'))
    faults[field] ??= fromServer.message.replace(/^config\.[\w.]+: /, '');
  return faults;
}

/** The first guess at a mapping from the names of the columns; only for fields that are there. */
export function guessMapping(columns: { name: string; type: string }[]): Mapping {
  const find = (...wanted: string[]) =>
    wanted.map((name) => columns.find((column) => column.name.toLowerCase() === name)?.name).find(Boolean) ?? null;
  const id = find('id', '_id', 'key', 'sku', 'slug', 'uuid');
  const title = find('title', 'name', 'headline', 'label');
  const text = find('description', 'text', 'plot', 'overview', 'body', 'content', 'summary', 'abstract');
  return { id, title, text: text === null ? [] : [text], payload: null };
}
