export * from './build-icons.ts';
export * from './choose-dataset.ts';
export * from './choose-fold.ts';
export * from './dataset.ts';
export * from './load-folder.ts';
export * from './simulate-clicks.ts';
