import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const kinds = {
  unit: {
    include: ['**/*.test.ts'],
    exclude: ['**/*.{engine,db,loop,fault,e2e}.test.ts'],
    testTimeout: 30_000,
  },
  /** No services, but seconds of computing: training runs, whole encoders, journals. */
  engine: { include: ['**/*.engine.test.ts'], exclude: [] as string[], testTimeout: 120_000 },
  db: { include: ['**/*.db.test.ts'], exclude: [] as string[], testTimeout: 120_000 },
  loop: { include: ['**/*.loop.test.ts'], exclude: [] as string[], testTimeout: 600_000 },
  /** The console in a browser, on a demo's data. */
  e2e: { include: ['e2e/**/*.e2e.test.ts'], exclude: [] as string[], testTimeout: 120_000 },
  faults: { include: ['**/*.fault.test.ts'], exclude: [] as string[], testTimeout: 600_000 },
};

export default defineConfig({
  test: {
    projects: Object.entries(kinds).map(([name, kind]) => ({
      test: {
        name,
        include: kind.include,
        exclude: ['**/node_modules/**', '**/.studio/**', ...kind.exclude],
        testTimeout: kind.testTimeout,
        hookTimeout: kind.testTimeout,
        // Unit tests share no state but modules: loading those once per process halves their time. The files of e2e
        // share one browser.
        isolate: name === 'loop' || name === 'faults',
        // Vitest leaves one core idle; the loop trains on all of them by itself.
        ...(name === 'loop' || name === 'e2e' ? {} : { maxWorkers: Math.max(2, availableParallelism()) }),
        // One console for all files.
        ...(name === 'e2e' ? { globalSetup: 'e2e/harness/world.ts', fileParallelism: false } : {}),
      },
    })),
  },
});
