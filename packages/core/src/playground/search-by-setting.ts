import {
  type Collection,
  noSearchPlugins,
  type QueryExpansion,
  type RankingProfile,
} from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { chooseCollection } from '../search/choose-collection.ts';
import { describeHits, type SearchHit } from '../search/describe-hits.ts';
import { overrideRanking } from '../search/override-ranking.ts';
import type { ChainReport } from '../search/plugin-chain.ts';
import { rankArm } from '../search/rank-search.ts';
import { SearchItemsInput } from '../search/search-input.ts';
import type { PlaygroundSetting } from './setting.ts';

export interface SettingAnswer {
  collectionId: string;
  modelId: string;
  hits: SearchHit[];
  /** The weights that made the order. */
  ranking: RankingProfile;
  candidates: number;
  /** Cosine of the query and the user's interest that it was moved towards; null when it was left as it is. */
  personal: { gate: number } | null;
  /** What was searched for, after the collection's query processors. */
  query: { text: string; expansions: QueryExpansion[] };
  plugins: ChainReport;
  degraded: string[];
  tookMs: number;
}

export interface SettingSearch {
  query: string;
  setting: PlaygroundSetting;
  limit: number;
}

/** A search as the collection would answer it, but for what the setting changes. Leaves no session behind. */
export async function searchBySetting(ctx: Ctx, { query, setting, limit }: SettingSearch): Promise<SettingAnswer> {
  const { retriever, improvement, filter, userId } = setting;
  const startedAt = ctx.deps.clock.now().getTime();
  authorise(ctx, 'search.read', setting.collectionId);
  const collection = await chooseCollection(ctx, setting.collectionId);
  const { answer, profile, placed } = await rankArm(ctx, {
    search: parseInput(SearchItemsInput, { query, limit, filter, userId, explain: true }),
    page: { offset: 0, limit },
    collection: setCollection(collection, setting),
    treatment: { retriever, improvement },
  });
  const ranked = placed.items.slice(0, limit);
  const { candidates, personal, degraded } = answer;
  const hits = await describeHits(ctx, { ranked, answer, search: { explain: true, metric: 'cosine' }, start: 0 });
  return {
    ...{ collectionId: collection.id, modelId: collection.modelId, hits, ranking: profile },
    ...{ candidates: candidates.length, personal, degraded },
    query: { text: answer.query.text, expansions: answer.query.expansions },
    plugins: { applied: placed.applied, skipped: placed.skipped },
    tookMs: ctx.deps.clock.now().getTime() - startedAt,
  };
}

/** The collection as if its row said what the setting says. */
function setCollection(collection: Collection, setting: PlaygroundSetting): Collection {
  const ranking = overrideRanking(collection.ranking, setting);
  return {
    ...collection,
    ranking: { ...ranking, efSearch: setting.efSearch ?? ranking.efSearch },
    searchPlugins: setting.plugins ? collection.searchPlugins : noSearchPlugins,
  };
}
