import type { Splitter } from '../spec/index.ts';
import { sentences } from './sentences.ts';
import { wordWindow } from './token-window.ts';

export { createTokenWindow, type TokenCounter } from './token-window.ts';
export { sentences, wordWindow };

export const splitters = [sentences, wordWindow] as readonly Splitter[];
