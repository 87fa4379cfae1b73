import type { ExperimentDefinition } from '@embedding-studio/contracts';

/** What sessions and exposures of an interleaving say in place of an arm. */
export const interleaved = 'interleaved';

/** null: units see one arm each. */
export function interleavedArm({ kind }: Pick<ExperimentDefinition, 'kind'>): [string] | null {
  return kind === 'interleaving' ? [interleaved] : null;
}
