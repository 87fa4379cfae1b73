import type { Filter } from '@embedding-studio/contracts';
import { Filter as FilterSchema } from '@embedding-studio/contracts';
import { z } from 'zod';

/** One column of the playground as the address keeps it: only what differs from the collection's own searches. */
export const ColumnSetting = z.object({
  collectionId: z.string().optional(),
  retriever: z.enum(['hybrid', 'vector', 'lexical']).optional(),
  vectorWeight: z.number().min(0).max(1).optional(),
  lexicalNorm: z.enum(['max', 'scale', 'rank']).optional(),
  cosineNorm: z.enum(['minmax', 'none', 'rank']).optional(),
  titleWeight: z.number().min(0).max(20).optional(),
  bodyWeight: z.number().min(0).max(20).optional(),
  efSearch: z.number().int().min(10).max(1_000).optional(),
  filter: FilterSchema.optional(),
  improvement: z.boolean().optional(),
  userId: z.string().optional(),
  plugins: z.boolean().optional(),
});
export interface ColumnSetting {
  collectionId?: string;
  retriever?: 'hybrid' | 'vector' | 'lexical';
  vectorWeight?: number;
  lexicalNorm?: 'max' | 'scale' | 'rank';
  cosineNorm?: 'minmax' | 'none' | 'rank';
  titleWeight?: number;
  bodyWeight?: number;
  efSearch?: number;
  filter?: Filter;
  improvement?: boolean;
  userId?: string;
  plugins?: boolean;
}

export const columnsMax = 4;

/** Without what says nothing: an address stays short and two equal settings are equal texts. */
export function cleanSetting(setting: ColumnSetting): ColumnSetting {
  const kept = Object.entries(setting).filter(([name, value]) => {
    if (value === undefined || value === '') return false;
    if (name === 'retriever') return value !== 'hybrid';
    return !((name === 'improvement' || name === 'plugins') && value === true);
  });
  return Object.fromEntries(kept) as ColumnSetting;
}

/** What a column does otherwise, in few words each; empty for a search as users get it. */
export function describeSetting(setting: ColumnSetting): string[] {
  const { retriever, vectorWeight, lexicalNorm, cosineNorm, titleWeight, bodyWeight, efSearch } = setting;
  const said: (string | false | undefined)[] = [
    retriever === 'vector' && 'meaning only',
    retriever === 'lexical' && 'words only',
    vectorWeight !== undefined && `meaning ${Math.round(vectorWeight * 100)} %`,
    lexicalNorm && `words by ${lexicalNorm}`,
    cosineNorm && `cosine by ${cosineNorm}`,
    titleWeight !== undefined && `title ×${titleWeight}`,
    bodyWeight !== undefined && `body ×${bodyWeight}`,
    efSearch !== undefined && `ef ${efSearch}`,
    setting.filter && 'filtered',
    setting.improvement === false && 'no learning',
    setting.userId && `as ${setting.userId}`,
    setting.plugins === false && 'no plugins',
  ];
  return said.filter((one): one is string => typeof one === 'string' && one !== '');
}
