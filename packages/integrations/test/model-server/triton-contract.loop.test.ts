import { afterAll, it } from 'vitest';
import { testModelServerPort } from './test-model-server-port.ts';
import { startTriton } from './triton-server.ts';

const triton = await startTriton();

if (typeof triton === 'string') it.skip(`needs Triton: ${triton}`, () => undefined);
else {
  afterAll(() => triton.stop());
  testModelServerPort('Triton', () => triton);
}
