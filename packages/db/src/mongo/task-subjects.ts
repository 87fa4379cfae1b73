import type { Collection } from 'mongodb';
import { unpackJson } from './document-values.ts';
import { subjectsOf, type TaskDocument } from './task-documents.ts';

interface UpgradeDocument {
  _id: string;
}

const upgrade = 'task-subjects';
const batch = 500;

/** Tasks of earlier versions do not say what they are about. Once per database; doing it twice changes nothing. */
export async function fillTaskSubjects(
  tasks: Collection<TaskDocument>,
  upgrades: Collection<UpgradeDocument>,
): Promise<void> {
  if ((await upgrades.findOne({ _id: upgrade })) !== null) return;
  const options = { projection: { inputJson: 1 }, batchSize: batch } as const;
  for await (const { _id, inputJson } of tasks.find({ subjects: { $exists: false } }, options)) {
    const { subjects } = subjectsOf(unpackJson<object>(inputJson));
    if (subjects !== undefined) await tasks.updateOne({ _id }, { $set: { subjects } });
  }
  await upgrades.updateOne({ _id: upgrade }, { $set: {} }, { upsert: true });
}
