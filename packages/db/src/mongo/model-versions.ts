import { type ModelVersion, StudioError, type Tracker } from '@embedding-studio/contracts';
import { requireText } from './document-values.ts';
import { isDuplicateKey } from './mongo-errors.ts';
import type { TrackerParts } from './tracker-documents.ts';

type VersionInput = Parameters<Tracker['registerModelVersion']>[0];
type AliasInput = Parameters<Tracker['setModelAlias']>[0];

export async function registerVersion({ versions, now }: TrackerParts, input: VersionInput): Promise<number> {
  const { name, modelId, runId } = input;
  const key = { name: requireText(name, 'name'), modelId: requireText(modelId, 'modelId') };
  for (;;) {
    const known = await versions.findOne(key);
    if (known !== null) return known.version;
    const [last] = await versions.find({ name }).sort({ version: -1 }).limit(1).toArray();
    const version = (last?.version ?? 0) + 1;
    try {
      await versions.insertOne({ _id: JSON.stringify([name, modelId]), ...key, runId, version, createdAt: now() });
      return version;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** An alias is a document of its own, so that it names one version at any time. */
export async function setAlias({ versions, aliases }: TrackerParts, input: AliasInput): Promise<void> {
  const { name, alias, modelId } = input;
  const _id = JSON.stringify([requireText(name, 'name'), requireText(alias, 'alias')]);
  if (modelId === null) {
    await aliases.deleteOne({ _id });
    return;
  }
  if ((await versions.findOne({ name, modelId: requireText(modelId, 'modelId') })) === null)
    throw new StudioError('INPUT_INVALID', `No version of ${name} is model ${modelId}`, { field: 'modelId' });
  await aliases.updateOne({ _id }, { $set: { name, alias, modelId } }, { upsert: true });
}

export async function listVersions({ versions, aliases }: TrackerParts, name: string): Promise<ModelVersion[]> {
  const key = { name: requireText(name, 'name') };
  const [found, named] = await Promise.all([
    versions.find(key).sort({ version: 1 }).toArray(),
    aliases.find(key).toArray(),
  ]);
  return found.map(({ version, modelId, runId }) => ({
    ...{ version, modelId, runId },
    aliases: named
      .filter((one) => one.modelId === modelId)
      .map(({ alias }) => alias)
      .sort(),
  }));
}
