import { afterAll, it } from 'vitest';
import { testModelServerPort } from './test-model-server-port.ts';
import { startTriton } from './triton-server.ts';

const triton = await startTriton();

if (typeof triton === 'string') it.skip(`needs Triton: ${triton}`, () => undefined);
else {
  afterAll(() => triton.stop());
  const { grpcUrl } = triton;
  testModelServerPort('Triton, HTTP', () => triton);
  if (grpcUrl === null) it.skip('needs Triton: TRITON_GRPC_URL is not set', () => undefined);
  else testModelServerPort('Triton, gRPC', () => ({ ...triton, url: grpcUrl }));
}
