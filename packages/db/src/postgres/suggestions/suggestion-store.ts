import type { SuggestionStore } from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';
import { eraseContributor, getCursor, recordEvidence, rescore } from './evidence-rows.ts';
import { findByPrefix, findWords } from './find-by-prefix.ts';
import { addPhrases, changePhrase, deletePhrase, findPhrase, listPhrases, removeEverywhere } from './phrase-rows.ts';

export function createSuggestionStore(connection: Connection): SuggestionStore {
  return {
    addPhrases: (phrases) => addPhrases(connection, phrases),
    findPhrase: (id) => findPhrase(connection, id),
    changePhrase: (id, change) => changePhrase(connection, { id, change }),
    deletePhrase: (id) => deletePhrase(connection, id),
    removeEverywhere: removeEverywhere(connection),
    listPhrases: (page) => listPhrases(connection, page),
    findByPrefix: (query) => findByPrefix(connection, query),
    findWords: (signatures, limit) => findWords(connection, { signatures, limit }),
    getCursor: () => getCursor(connection),
    recordEvidence: recordEvidence(connection),
    rescore: (policy) => rescore(connection, policy),
    eraseContributor: (contributor, policy) => eraseContributor(connection, { contributor, policy }),
  };
}
