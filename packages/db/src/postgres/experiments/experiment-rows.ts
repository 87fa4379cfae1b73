import type { Experiment, Readout } from '@embedding-studio/contracts';

/** What a document looks like once it has been through JSON: times are texts. */
type Stored<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K] };

export interface ExperimentRow {
  revision: number;
  document: Stored<Omit<Experiment, 'timeline' | 'revision'>> & { timeline: Stored<Experiment['timeline'][number]>[] };
}

const dateOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));

export function toExperiment({ revision, document }: ExperimentRow): Experiment {
  return {
    ...document,
    revision,
    createdAt: new Date(document.createdAt),
    startedAt: dateOrNull(document.startedAt),
    endedAt: dateOrNull(document.endedAt),
    stepAt: dateOrNull(document.stepAt),
    timeline: document.timeline.map((event) => ({ ...event, at: new Date(event.at) })),
  };
}

export interface ReadoutRow {
  document: Stored<Readout>;
}

export function toReadout({ document }: ReadoutRow): Readout {
  return {
    ...document,
    from: new Date(document.from),
    to: new Date(document.to),
    createdAt: new Date(document.createdAt),
  };
}
