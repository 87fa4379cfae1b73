import type { TextProcessor } from '../spec/index.ts';
import { dictionaryToLine } from './dictionary-to-line.ts';
import { stripMarkup } from './strip-markup.ts';

export { dictionaryToLine, stripMarkup };

export const textProcessors = [dictionaryToLine, stripMarkup] as readonly TextProcessor[];
