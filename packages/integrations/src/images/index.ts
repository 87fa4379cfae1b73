export { createImageEncoder, type ImageEncoderSettings } from './image-encoder.ts';
