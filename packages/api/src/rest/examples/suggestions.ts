import type { RouteExamples } from './route-examples.ts';

/** Of the phrase "red shoes". */
const phraseId = 'bb6f733d98e0b8dea63543c52be1d39d';
const labels = { phrase_id: phraseId, labels: ['shop'] };
const domains = { phrase_id: phraseId, domains: ['fashion'] };

export const suggestionExamples: RouteExamples = {
  getTopSuggestions: { phrase: 'red sh', top_k: 5 },
  addPhrases: { phrases: [{ phrase: 'red shoes', labels: ['shop'], domains: ['fashion'], prob: 0.8 }] },
  deletePhrase: { phrase_id: phraseId },
  getPhrase: { phrase_id: phraseId },
  listPhrases: { limit: 20, offset: 0 },
  addPhraseLabels: labels,
  removePhraseLabels: labels,
  addPhraseDomains: domains,
  removePhraseDomains: domains,
  updatePhraseProbability: { phrase_id: phraseId, new_prob: 0.5 },
  removeAllLabels: { labels: ['shop'] },
  removeAllDomains: { domains: ['fashion'] },
  predictCategories: { search_query: { text: 'something warm for the feet' } },
  fitCategories: { field: 'kind' },
};
