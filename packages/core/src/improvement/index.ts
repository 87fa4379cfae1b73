export * from './erase-user.ts';
export * from './get-improvement.ts';
export * from './overlay-search.ts';
export { findCommon, toEvidence } from './refresh-overlay.ts';
export * from './request-fold.ts';
export * from './request-improvement.ts';
export * from './update-improvement.ts';
export * from './use-session.ts';
