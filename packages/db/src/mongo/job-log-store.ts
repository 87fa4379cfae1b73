import type { JobLogLevel, JobLogLine, JobLogStore } from '@embedding-studio/contracts';
import type { Collection, Filter } from 'mongodb';
import { requireText } from './document-values.ts';
import { findDuplicates } from './mongo-errors.ts';

export interface JobLogDocument extends JobLogLine {
  _id: string;
  jobId: string;
}

export interface JobLogParts {
  lines: Collection<JobLogDocument>;
  /** Lines kept of one job. */
  linesMax?: number;
}

const messageMax = 2_000;
const writeTries = 20;

export async function createJobLogIndexes({ lines }: JobLogParts): Promise<void> {
  await lines.createIndex({ jobId: 1, number: 1 }, { unique: true });
}

async function appendLines(parts: JobLogParts, jobId: string, given: readonly Omit<JobLogLine, 'number'>[]) {
  const { lines, linesMax = 5_000 } = parts;
  if (given.length === 0) return;
  for (let tries = 0; tries < writeTries; tries++) {
    const [last] = await lines
      .find({ jobId: requireText(jobId, 'jobId') })
      .sort({ number: -1 })
      .limit(1)
      .toArray();
    const first = (last?.number ?? 0) + 1;
    const documents = given.map(({ level, message, at }, offset) => {
      const number = first + offset;
      return { _id: `${jobId} ${number}`, jobId, number, level, message: message.slice(0, messageMax), at };
    });
    try {
      await lines.insertMany(documents, { ordered: true });
    } catch (error) {
      // Another writer took the first number; it stands for all that follow.
      if (findDuplicates(error)?.[0] === 0) continue;
      throw error;
    }
    const newest = first + given.length - 1;
    if (newest > linesMax) await lines.deleteMany({ jobId, number: { $lte: newest - linesMax } });
    return;
  }
}

function toFilter(page: { jobId: string; levels?: readonly JobLogLevel[] }): Filter<JobLogDocument> {
  const jobId = requireText(page.jobId, 'jobId');
  if (page.levels === undefined) return { jobId };
  return { jobId, level: { $in: page.levels.map((level) => requireText(level, 'levels') as JobLogLevel) } };
}

const toLine = ({ number, level, message, at }: JobLogDocument): JobLogLine => ({ number, level, message, at });

export function createJobLogStore(parts: JobLogParts): JobLogStore {
  const { lines } = parts;
  return {
    appendLines: (jobId, given) => appendLines(parts, jobId, given),
    async deleteLines(jobIds) {
      if (jobIds.length > 0) await lines.deleteMany({ jobId: { $in: [...jobIds] } });
    },
    async listLinesAfter({ after, limit, ...page }) {
      const found = await lines
        .find({ ...toFilter(page), number: { $gt: after } })
        .sort({ number: 1 })
        .limit(limit)
        .toArray();
      return found.map(toLine);
    },
    async listLinesBefore({ before, limit, ...page }) {
      const older = before === null ? {} : { number: { $lt: before } };
      const found = await lines
        .find({ ...toFilter(page), ...older })
        .sort({ number: -1 })
        .limit(limit)
        .toArray();
      return found.map(toLine);
    },
  };
}
