export * from './align-pictures.ts';
export { chanceOf, measureCaptions, type RankFigures } from './measure-captions.ts';
