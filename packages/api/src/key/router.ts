import { router } from '../trpc.ts';
import { createApiKeyProcedure } from './create-api-key.ts';
import { listApiKeysProcedure } from './list-api-keys.ts';
import { revokeApiKeyProcedure } from './revoke-api-key.ts';
import { rotateApiKeyProcedure } from './rotate-api-key.ts';

export const keyRouter = router({
  createApiKey: createApiKeyProcedure,
  listApiKeys: listApiKeysProcedure,
  revokeApiKey: revokeApiKeyProcedure,
  rotateApiKey: rotateApiKeyProcedure,
});
