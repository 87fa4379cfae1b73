import { parentPort, workerData } from 'node:worker_threads';
import type { SessionWithEvents } from '@embedding-studio/contracts';
import type { CurveOptions } from './fit-curve.ts';
import { measurePropensities } from './measure-propensities.ts';
import { readPages } from './read-pages.ts';

const { sessions, options } = workerData.settings as { sessions: SessionWithEvents[]; options: CurveOptions };
parentPort?.postMessage(measurePropensities(readPages(sessions), options));
