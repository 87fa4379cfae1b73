export * from './compose-suggestion.ts';
export * from './correct-words.ts';
export * from './edit-distance.ts';
export * from './phrase-tokens.ts';
export * from './plan-prefixes.ts';
export * from './weigh-session.ts';
