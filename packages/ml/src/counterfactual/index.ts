export * from './estimate-value.ts';
export * from './logged-draw.ts';
