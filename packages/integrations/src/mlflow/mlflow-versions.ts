import { type ModelVersion, StudioError } from '@embedding-studio/contracts';
import { anything, type MlflowClient, MlflowRefusal } from './mlflow-client.ts';
import { keyTag, ManyVersions, type MlflowVersion, OneModel, OneVersion } from './mlflow-shapes.ts';

/** The version of the model under the name; made where there is none. */
export async function registerVersion(
  client: MlflowClient,
  { modelId, runId, ...given }: { name: string; modelId: string; runId: string | null },
): Promise<number> {
  const name = toModelName(given.name);
  await client.post('registered-models/create', { name }, anything).catch((error: unknown) => {
    if (!(error instanceof MlflowRefusal && error.isExisting)) throw error;
  });
  const known = first(await findVersions(client, name, modelId));
  if (known !== undefined) return known.version;
  const made = await client.post(
    'model-versions/create',
    {
      ...{ name, source: `embedding-studio:/models/${modelId}`, tags: [{ key: keyTag, value: modelId }] },
      ...(runId === null ? {} : { run_id: runId }),
    },
    OneVersion,
  );
  // Another process may have made one at the same moment: the earlier one stays.
  const winner = first(await findVersions(client, name, modelId)) ?? made.model_version;
  const { version } = made.model_version;
  if (winner.version !== version) await client.delete('model-versions/delete', { name, version: String(version) });
  return winner.version;
}

const first = (versions: readonly MlflowVersion[]): MlflowVersion | undefined =>
  [...versions].sort((left, right) => left.version - right.version)[0];

/** Names of models may hold neither. */
const toModelName = (name: string): string => name.replace(/[/:]/g, '.');

const modelOf = ({ tags }: MlflowVersion): string | undefined => tags.find(({ key }) => key === keyTag)?.value;

async function findVersions(client: MlflowClient, name: string, modelId: string): Promise<MlflowVersion[]> {
  return (await searchVersions(client, name)).filter((version) => modelOf(version) === modelId);
}

async function searchVersions(client: MlflowClient, name: string): Promise<MlflowVersion[]> {
  const found: MlflowVersion[] = [];
  let page = '';
  do {
    const parameters = { filter: `name = '${name.replaceAll("'", "''")}'`, max_results: '1000' };
    const answer = await client.get(
      'model-versions/search',
      page === '' ? parameters : { ...parameters, page_token: page },
      ManyVersions,
    );
    found.push(...answer.model_versions);
    page = answer.next_page_token;
  } while (page !== '');
  return found;
}

/** MLflow keeps one version for each alias of a model. */
export async function setAlias(
  client: MlflowClient,
  { alias, modelId, ...given }: { name: string; alias: string; modelId: string | null },
): Promise<void> {
  const name = toModelName(given.name);
  if (modelId === null) {
    await client.delete('registered-models/alias', { name, alias }).catch((error: unknown) => {
      if (!(error instanceof MlflowRefusal && error.isUnknown)) throw error;
    });
    return;
  }
  const found = first(await findVersions(client, name, modelId));
  if (found === undefined)
    throw new StudioError('INPUT_INVALID', `No version of ${name} is model ${modelId}`, { field: 'modelId' });
  await client.post('registered-models/alias', { name, alias, version: String(found.version) }, anything);
}

/** Those that we registered. */
export async function listVersions(client: MlflowClient, given: string): Promise<ModelVersion[]> {
  const name = toModelName(given);
  const aliases = await readAliases(client, name);
  const ours = (await searchVersions(client, name)).flatMap((found) => {
    const modelId = modelOf(found);
    const own = aliases.filter(({ version }) => version === found.version).map(({ alias }) => alias);
    return modelId === undefined
      ? []
      : [{ version: found.version, modelId, runId: found.run_id || null, aliases: own.sort() }];
  });
  return ours.sort((left, right) => left.version - right.version);
}

/** Of the model: versions that are searched for do not tell theirs. */
async function readAliases(client: MlflowClient, name: string): Promise<{ alias: string; version: number }[]> {
  try {
    return (await client.get('registered-models/get', { name }, OneModel)).registered_model.aliases;
  } catch (error) {
    if (error instanceof MlflowRefusal && error.isUnknown) return [];
    throw error;
  }
}
