export { type ItemVectors, judgeVariant, measureParity, type Parity, type ParityInput } from './judge-variant.ts';
export { quantizeModel } from './quantize-model.ts';
