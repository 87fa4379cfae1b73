import { isStudioError } from '@embedding-studio/contracts';
import type { FineTuningMethodPlugin, SessionWithEvents } from '../spec/index.ts';
import { type ConformanceCheck, check, expectSame, expectThat } from './check.ts';

/** Guarantees of a fine-tuning method; `sessions` hold at least one that it can learn from. */
export function methodChecks(
  plugin: FineTuningMethodPlugin,
  fixture: { config: Record<string, unknown>; sessions: readonly SessionWithEvents[] },
): ConformanceCheck[] {
  const { method } = plugin;
  const { sessions } = fixture;
  return [
    check('no settings give a whole run', () => {
      const settings = method.parseSettings({});
      expectThat(settings.batchQueries > 0 && settings.epochsMax > 0, 'the defaults train nothing');
      expectSame(method.parseSettings({}), settings, 'two calls');
    }),
    check('a setting that does not exist is refused by its name', () => {
      expectSame(
        refusedField(() => method.parseSettings({ noSuchSetting: 1 })),
        'noSuchSetting',
        'the field',
      );
    }),
    check('every session is a training query or is counted as dropped', () => {
      const { queries, dropped } = method.selectExamples(sessions);
      const left = Object.values(dropped).reduce((sum, count) => sum + count, 0);
      expectThat(queries.length > 0, 'no session can be learned from');
      expectSame(queries.length + left, sessions.length, 'queries and dropped sessions');
    }),
    check('equal sessions give equal examples', () =>
      expectSame(method.selectExamples(sessions), method.selectExamples(sessions), 'two calls'),
    ),
    check('no session gives no example', () => expectSame(method.selectExamples([]).queries, [], 'queries')),
  ];
}

function refusedField(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return isStudioError(error) && error.code === 'INPUT_INVALID' ? (error.field ?? 'no field') : String(error);
  }
  return 'not refused';
}
