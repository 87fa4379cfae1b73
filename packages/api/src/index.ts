export * from './invalid-input.ts';
export { type AppCaller, type AppRouter, appRouter, createCaller } from './router.ts';
export * from './to-trpc-error.ts';
export * from './trpc-code.ts';
