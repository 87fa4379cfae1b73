import type { RunOrder, RunSearch } from '@embedding-studio/contracts';
import type { Filter } from 'mongodb';
import { requireText, unpackJson } from './document-values.ts';
import { findInGroups } from './metric-store.ts';
import type { RunDocument, TrackerParts } from './tracker-documents.ts';

/** Of an experiment with more runs only the newest are searched. */
const searchedMax = 20_000;

type FoundRun = Pick<RunDocument, '_id' | 'name' | 'paramsJson'>;

/** Ids of the runs that match, in the order wanted. */
export async function findRunIds(parts: TrackerParts, search: Omit<RunSearch, 'after' | 'limit'>): Promise<string[]> {
  const found: FoundRun[] = await parts.runs
    .find(toFilter(search), { projection: { name: 1, paramsJson: 1 } })
    .sort({ startedAt: -1, order: -1 })
    .limit(searchedMax)
    .toArray();
  const order = search.order ?? { by: 'started', descending: true };
  if (order.by === 'started') return (order.descending ? found : found.reverse()).map(({ _id }) => _id);
  const values = await readValues(parts, found, order);
  const sign = order.descending ? -1 : 1;
  const known = found.filter(({ _id }) => values.has(_id));
  known.sort((left, right) => sign * compare(values.get(left._id), values.get(right._id)));
  return [...known, ...found.filter(({ _id }) => !values.has(_id))].map(({ _id }) => _id);
}

function toFilter(search: Omit<RunSearch, 'after' | 'limit'>): Filter<RunDocument> {
  const { experimentId, status, text, params, parentRunId } = search;
  const filter: Filter<RunDocument> = { experimentId: requireText(experimentId, 'experimentId') };
  if (status !== undefined) filter.status = requireText(status, 'status') as typeof status;
  if (text) filter.name = { $regex: escapePattern(requireText(text, 'text')), $options: 'i' };
  if (parentRunId !== undefined) filter.parentRunId = requireText(parentRunId, 'parentRunId');
  const wanted = Object.entries(params ?? {});
  // Quotes inside keys and values are escaped, so this text stands for the pair and for nothing else.
  if (wanted.length > 0)
    filter.$and = wanted.map(([key, value]) => ({
      paramsJson: { $regex: escapePattern(JSON.stringify({ [key]: value }).slice(1, -1)) },
    }));
  return filter;
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

type SortValue = string | number;

async function readValues(
  { latest }: TrackerParts,
  found: readonly FoundRun[],
  order: RunOrder,
): Promise<Map<string, SortValue>> {
  const key = requireText(order.key ?? '', 'order.key');
  if (order.by === 'name') return new Map(found.map(({ _id, name }) => [_id, name]));
  if (order.by === 'param') return readParams(found, key);
  const runIds = found.map(({ _id }) => _id);
  const rows = await findInGroups(runIds, (group) => latest.find({ runId: { $in: group }, key }).toArray());
  return new Map(rows.filter(({ value }) => !Number.isNaN(value)).map(({ runId, value }) => [runId, value]));
}

/** By number where every value is one. */
function readParams(found: readonly FoundRun[], key: string): Map<string, SortValue> {
  const texts = found.flatMap(({ _id, paramsJson }): [string, string][] => {
    const params = unpackJson<Record<string, string>>(paramsJson);
    return Object.hasOwn(params, key) ? [[_id, params[key] ?? '']] : [];
  });
  const isNumeric = texts.every(([, text]) => text.trim() !== '' && Number.isFinite(Number(text)));
  return new Map(texts.map(([id, text]) => [id, isNumeric ? Number(text) : text]));
}

function compare(left: SortValue | undefined, right: SortValue | undefined): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left) < String(right) ? -1 : Number(String(left) > String(right));
}
