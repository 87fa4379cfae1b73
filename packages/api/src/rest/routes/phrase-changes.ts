import type { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute, type RestRoute } from '../route.ts';
import { NothingAnswer } from '../schemas/clickstream.ts';
import {
  DomainsBody,
  LabelsBody,
  PhraseDomainsBody,
  PhraseLabelsBody,
  ProbabilityBody,
} from '../schemas/suggestions.ts';

interface Change<In extends z.ZodType> {
  /** Last part of the path. */
  name: string;
  operationId: string;
  summary: string;
  input: In;
  act(caller: AppCaller, body: z.output<In>): Promise<unknown>;
}

function changeRoute<In extends z.ZodType>({ name, operationId, summary, input, act }: Change<In>): RestRoute {
  return defineRoute(
    { method: 'POST', path: `/suggesting/phrases/${name}`, operationId, summary, scope: 'ingest' },
    {
      input,
      output: NothingAnswer,
      run: async (caller, body) => {
        await act(caller, body);
        return null;
      },
    },
  );
}

export const phraseChangeRoutes: readonly RestRoute[] = [
  changeRoute({
    ...{ name: 'add-labels', operationId: 'addPhraseLabels', summary: 'Gives a phrase more labels.' },
    input: PhraseLabelsBody,
    act: (caller, body) => caller.suggestion.changePhrase({ phraseId: body.phrase_id, addLabels: body.labels }),
  }),
  changeRoute({
    ...{ name: 'remove-labels', operationId: 'removePhraseLabels', summary: 'Takes labels off a phrase.' },
    input: PhraseLabelsBody,
    act: (caller, body) => caller.suggestion.changePhrase({ phraseId: body.phrase_id, removeLabels: body.labels }),
  }),
  changeRoute({
    ...{ name: 'add-domains', operationId: 'addPhraseDomains', summary: 'Adds a phrase to more domains.' },
    input: PhraseDomainsBody,
    act: (caller, body) => caller.suggestion.changePhrase({ phraseId: body.phrase_id, addDomains: body.domains }),
  }),
  changeRoute({
    ...{ name: 'remove-domains', operationId: 'removePhraseDomains', summary: 'Takes a phrase out of domains.' },
    input: PhraseDomainsBody,
    act: (caller, body) => caller.suggestion.changePhrase({ phraseId: body.phrase_id, removeDomains: body.domains }),
  }),
  changeRoute({
    ...{ name: 'update-probability', operationId: 'updatePhraseProbability' },
    summary: 'Sets what a phrase is ordered by; it overrules what sessions taught.',
    input: ProbabilityBody,
    act: (caller, body) => caller.suggestion.changePhrase({ phraseId: body.phrase_id, prob: body.new_prob }),
  }),
  changeRoute({
    ...{ name: 'remove-all-labels', operationId: 'removeAllLabels', summary: 'Takes labels off every phrase.' },
    input: LabelsBody,
    act: (caller, body) => caller.suggestion.removeEverywhere({ from: 'labels', values: body.labels }),
  }),
  changeRoute({
    ...{ name: 'remove-all-domains', operationId: 'removeAllDomains', summary: 'Takes every phrase out of domains.' },
    input: DomainsBody,
    act: (caller, body) => caller.suggestion.removeEverywhere({ from: 'domains', values: body.domains }),
  }),
];
