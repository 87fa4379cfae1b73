import type { SuggestionPhrase } from '@embedding-studio/contracts';
import type { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute } from '../route.ts';
import { NothingAnswer } from '../schemas/clickstream.ts';
import {
  AddPhrasesAnswer,
  AddPhrasesBody,
  PhraseAnswer,
  PhraseListAnswer,
  PhraseListQuery,
  PhraseQuery,
  TopSuggestionsAnswer,
  TopSuggestionsBody,
} from '../schemas/suggestions.ts';
import { phraseChangeRoutes } from './phrase-changes.ts';

const getTopK = defineRoute(
  {
    method: 'POST',
    path: '/suggesting/get-top-k',
    operationId: 'getTopSuggestions',
    summary: 'Phrases that continue what is being typed: as typed first, then with a slip undone.',
    scope: 'search',
  },
  { input: TopSuggestionsBody, output: TopSuggestionsAnswer, run: runTopK },
);

async function runTopK(
  caller: AppCaller,
  body: z.output<typeof TopSuggestionsBody>,
): Promise<z.input<typeof TopSuggestionsAnswer>> {
  const found = await caller.suggestion.suggestPhrases({
    phrase: body.phrase,
    domain: body.domain ?? undefined,
    label: body.label ?? undefined,
    topK: body.top_k,
  });
  return {
    suggestions: found.map(({ prefix, postfix, span, matchType, prob, labels, domains }) => ({
      ...{ prefix, postfix, prob, labels, domains },
      matching_span: span,
      match_type: matchType,
    })),
  };
}

const add = defineRoute(
  {
    method: 'POST',
    path: '/suggesting/phrases/add',
    operationId: 'addPhrases',
    summary: 'Adds phrases, or replaces what was given for them before.',
    scope: 'ingest',
  },
  {
    input: AddPhrasesBody,
    output: AddPhrasesAnswer,
    run: async (caller, body) => ({ phrase_ids: (await caller.suggestion.addPhrases(body)).phraseIds }),
  },
);

const remove = defineRoute(
  {
    method: 'DELETE',
    path: '/suggesting/phrases/delete/{phrase_id}',
    operationId: 'deletePhrase',
    summary: 'Suggests a phrase never again, typed by whomever, until it is added again.',
    scope: 'ingest',
  },
  {
    input: PhraseQuery,
    output: NothingAnswer,
    run: async (caller, { phrase_id }) => {
      await caller.suggestion.deletePhrase({ phraseId: phrase_id });
      return null;
    },
  },
);

const getInfo = defineRoute(
  {
    method: 'GET',
    path: '/suggesting/phrases/get-info',
    operationId: 'getPhrase',
    summary: 'One phrase, written or learned.',
    scope: 'ingest',
  },
  {
    input: PhraseQuery,
    output: PhraseAnswer,
    run: async (caller, { phrase_id }) => phraseAnswer(await caller.suggestion.getPhrase({ phraseId: phrase_id })),
  },
);

const list = defineRoute(
  {
    method: 'GET',
    path: '/suggesting/phrases/list',
    operationId: 'listPhrases',
    summary: 'All phrases in the order of their text, written and learned.',
    scope: 'ingest',
  },
  {
    input: PhraseListQuery,
    output: PhraseListAnswer,
    run: async (caller, page) => ({ items: (await caller.suggestion.listPhrases(page)).map(phraseAnswer) }),
  },
);

function phraseAnswer(phrase: SuggestionPhrase): z.input<typeof PhraseAnswer> {
  return {
    ...{ phrase_id: phrase.id, phrase: phrase.phrase, labels: phrase.labels, domains: phrase.domains },
    prob: phrase.prob ?? phrase.learned ?? 0,
    is_learned: phrase.learned !== null,
  };
}

export const suggestionRoutes = [getTopK, add, remove, getInfo, list, ...phraseChangeRoutes];
