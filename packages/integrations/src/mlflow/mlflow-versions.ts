import { anything, type MlflowClient, MlflowRefusal } from './mlflow-client.ts';
import { keyTag, ManyVersions, type MlflowVersion, OneVersion } from './mlflow-shapes.ts';

/** The version of the model under the name; made where there is none. */
export async function registerVersion(
  client: MlflowClient,
  { modelId, runId, ...given }: { name: string; modelId: string; runId: string | null },
): Promise<number> {
  // Names of models may hold neither.
  const name = given.name.replace(/[/:]/g, '.');
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

async function findVersions(client: MlflowClient, name: string, modelId: string): Promise<MlflowVersion[]> {
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
  return found.filter(({ tags }) => tags.some(({ key, value }) => key === keyTag && value === modelId));
}
