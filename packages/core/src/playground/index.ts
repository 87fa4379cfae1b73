export * from './compare-query-set.ts';
export {
  type ComparedColumn,
  type ComparedHit,
  type ComparedPair,
  type ComparedSearches,
  CompareSearchesInput,
  compareSearches,
} from './compare-searches.ts';
export * from './list-payload-fields.ts';
export type { SettingAnswer } from './search-by-setting.ts';
export { PlaygroundSetting } from './setting.ts';
export type { ColumnSummary, ComparedQuery, QuerySetSummary } from './summarise-query-set.ts';
