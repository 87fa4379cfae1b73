import type { ColumnSetting } from './setting';

export interface CopiedSearch {
  query: string;
  limit: number;
  setting: ColumnSetting;
  /** Base address of the gateway. */
  url: string;
}

const legsOf = { hybrid: 'fused', vector: 'vector', lexical: 'lexical' } as const;

/** What a search of an application cannot say: settings of the collection that only the playground overrides. */
export function findLeftOut({ setting }: CopiedSearch): string[] {
  const names: (keyof ColumnSetting)[] = [
    ...(['collectionId', 'vectorWeight', 'lexicalNorm', 'cosineNorm', 'titleWeight', 'bodyWeight'] as const),
    ...(['efSearch', 'improvement', 'plugins'] as const),
  ];
  return names.filter((name) => setting[name] !== undefined);
}

export function toSdk(search: CopiedSearch): string {
  const { query, limit, setting, url } = search;
  const input = {
    ...{ query, limit, legs: legsOf[setting.retriever ?? 'hybrid'] },
    ...(setting.filter && { filter: setting.filter }),
    ...(setting.userId && { userId: setting.userId }),
    explain: true,
  };
  return `import { createStudioClient } from '@embedding-studio/sdk';

const studio = createStudioClient({ url: '${url}', apiKey: 'es_…' });
${noteOf(search, '//')}const { hits } = await studio.search.searchItems.query(${JSON.stringify(input, null, 2)});
`;
}

export function toCurl(search: CopiedSearch): string {
  const { query, limit, setting, url } = search;
  const body = {
    ...{ search_query: query, limit, ranking: legsOf[setting.retriever ?? 'hybrid'] },
    ...(setting.filter && { filter: { query: setting.filter } }),
    ...(setting.userId && { user_id: setting.userId }),
    explain: true,
  };
  const json = JSON.stringify(body, null, 2).replaceAll("'", String.raw`'\''`);
  return `${noteOf(search, '#')}curl -s ${url}/api/v1/embeddings/similarity-search \\
  -H "authorization: Bearer $API_KEY" -H 'content-type: application/json' \\
  -d '${json}'
`;
}

function noteOf(search: CopiedSearch, mark: string): string {
  const names = findLeftOut(search);
  return names.length === 0 ? '' : `${mark} Not in a search of an application: ${names.join(', ')}.\n`;
}
