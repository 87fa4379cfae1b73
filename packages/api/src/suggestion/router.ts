import { router } from '../trpc.ts';
import { addPhrasesProcedure } from './add-phrases.ts';
import { changePhraseProcedure } from './change-phrase.ts';
import { deletePhraseProcedure } from './delete-phrase.ts';
import { getPhraseProcedure } from './get-phrase.ts';
import { listPhrasesProcedure } from './list-phrases.ts';
import { removeEverywhereProcedure } from './remove-everywhere.ts';
import { requestSuggestionLearningProcedure } from './request-learning.ts';
import { suggestPhrasesProcedure } from './suggest-phrases.ts';

export const suggestionRouter = router({
  suggestPhrases: suggestPhrasesProcedure,
  addPhrases: addPhrasesProcedure,
  changePhrase: changePhraseProcedure,
  deletePhrase: deletePhraseProcedure,
  removeEverywhere: removeEverywhereProcedure,
  getPhrase: getPhraseProcedure,
  listPhrases: listPhrasesProcedure,
  requestSuggestionLearning: requestSuggestionLearningProcedure,
});
