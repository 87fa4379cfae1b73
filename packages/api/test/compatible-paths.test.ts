import { describe, expect, it } from 'vitest';
import { restRoutes } from '../src/rest/index.ts';

const tasks = ['POST run', 'GET info', 'GET list', 'PUT restart', 'PUT cancel'];
const objects = ['insert', 'upsert', 'delete', 'find-by-ids', 'find-similar'].map((name) => `POST objects/${name}`);

/** What applications of the system that this one takes over from may call, below `/api/v1`, by folder. */
const compatible: Record<string, string[]> = {
  '': ['GET ping', 'POST parse-query/categories'],
  embeddings: ['POST similarity-search', 'POST payload-search', 'POST payload-count'],
  'embeddings/upsertion-tasks': [...tasks, 'POST categories/run'],
  'embeddings/deletion-tasks': [...tasks, 'POST categories/run'],
  'internal/upsertion-tasks': tasks,
  'internal/deletion-tasks': tasks,
  'internal/reindex-tasks': tasks,
  'fine-tuning': ['POST task', 'GET task', 'PUT task/{id}/restart', 'PUT task/{id}/cancel'],
  clickstream: [
    ...['POST session', 'GET session', 'POST session/events', 'POST session/irrelevant'],
    ...['POST internal/session/use-for-improvement', 'GET internal/batch/sessions', 'POST internal/batch/release'],
  ],
  suggesting: [
    ...['POST get-top-k', 'POST phrases/add', 'DELETE phrases/delete/{phrase_id}', 'GET phrases/get-info'],
    ...['POST phrases/add-labels', 'POST phrases/remove-labels', 'POST phrases/remove-all-labels', 'GET phrases/list'],
    ...['POST phrases/add-domains', 'POST phrases/remove-domains', 'POST phrases/remove-all-domains'],
    'POST phrases/update-probability',
  ],
  'internal/inference-deployment': [
    ...['POST deploy', 'GET deploy/{task_id}', 'GET deploy-status/{model_id}'],
    ...['POST delete', 'GET delete/{task_id}', 'GET delete-status/{model_id}'],
  ],
  'internal/vectordb/collections': [
    ...['POST create', 'POST create-index', 'POST delete', 'GET list', 'GET get-info'],
    ...['POST set-blue', 'GET get-blue-info', 'GET get-blue-query-info', ...objects],
  ],
  'internal/vectordb/categories': [
    ...[
      'POST create-index',
      'POST delete',
      'GET list',
      'GET get-info',
      'POST set-blue',
      'GET get-blue-info',
      ...objects,
    ],
  ],
  'internal/vectordb/queries': ['GET list'],
};

describe('an application of the former system', () => {
  const names = Object.entries(compatible).flatMap(([folder, routes]) =>
    routes.map((route) => route.replace(' ', folder === '' ? ' /' : ` /${folder}/`)),
  );

  it('finds every path that it knows', () => {
    const mounted = new Set(restRoutes.map(({ method, path }) => `${method} ${path}`));
    expect(names).toHaveLength(86);
    expect(names.filter((name) => !mounted.has(name))).toEqual([]);
  });
});
