import type { Faults } from './definition-of';
import type { ExperimentDraft } from './experiment-draft';

/** What every part of the form is given. */
export interface FormFieldsProps {
  draft: ExperimentDraft;
  faults: Faults;
  change: (changed: Partial<ExperimentDraft>) => void;
}

/** The list with one of its lines changed. */
export function withLine<T extends { line: number }>(lines: readonly T[], line: number, changed: Partial<T>): T[] {
  return lines.map((one) => (one.line === line ? { ...one, ...changed } : one));
}
