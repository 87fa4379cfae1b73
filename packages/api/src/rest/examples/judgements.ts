import type { RouteExamples } from './route-examples.ts';

export const judgementExamples: RouteExamples = {
  importJudgements: {
    format: 'quepid',
    text: 'query,docid,rating\n"oak boots",boots-1,3\n',
    unknown_items: 'skip',
  },
  exportJudgements: { format: 'qrels' },
};
