export * from './category-odds.ts';
export * from './count-clicks.ts';
export * from './fit-calibration.ts';
export * from './measure-categories.ts';
export * from './read-categories.ts';
