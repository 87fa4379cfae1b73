import type { Splitter } from '../spec/index.ts';
import { sentences } from './sentences.ts';
import { tokenWindow } from './token-window.ts';

export { createTokenWindow, type TokenCounter } from './token-window.ts';
export { sentences, tokenWindow };

export const splitters = [sentences, tokenWindow] as readonly Splitter[];
