import { defineRoute } from '../route.ts';
import {
  ExportJudgementsAnswer,
  ExportJudgementsQuery,
  ImportJudgementsAnswer,
  ImportJudgementsBody,
} from '../schemas/judgements.ts';

const importJudgements = defineRoute(
  {
    method: 'POST',
    path: '/judgements/import',
    operationId: 'importJudgements',
    summary: 'Adds a file of grades, TREC qrels or Quepid CSV, to the golden set: all of it, or nothing.',
    scope: 'admin',
  },
  {
    input: ImportJudgementsBody,
    output: ImportJudgementsAnswer,
    run: (caller, { scale_max: scaleMax, unknown_items: unknownItems, ...file }) =>
      caller.judgement.importJudgements({ ...file, scaleMax, unknownItems }),
  },
);

const exportJudgements = defineRoute(
  {
    method: 'GET',
    path: '/judgements/export',
    operationId: 'exportJudgements',
    summary: 'The golden set as TREC qrels or Quepid CSV, up to 1,000 grades a page.',
    scope: 'admin',
  },
  {
    input: ExportJudgementsQuery,
    output: ExportJudgementsAnswer,
    run: async (caller, { format, after_query: queryKey, after_item: itemId }) => {
      const after = queryKey === undefined || itemId === undefined ? null : { queryKey, itemId };
      const { next, ...page } = await caller.judgement.exportJudgements({ format, after });
      return { ...page, next: next && { after_query: next.queryKey, after_item: next.itemId } };
    },
  },
);

export const judgementRoutes = [importJudgements, exportJudgements];
