export * from './error-body.ts';
export * from './examples/index.ts';
export * from './openapi.ts';
export type { RestRoute } from './route.ts';
export { restRoutes } from './table.ts';
