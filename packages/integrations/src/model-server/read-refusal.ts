import { StudioError } from '@embedding-studio/contracts';

/**
 * What a server's refusal means, by HTTP status and text. Triton answers 400 for a model that is not loaded, and 500
 * for one that it does not have; the embedded server 404.
 */
export function readRefusal(status: number, text: string): StudioError {
  const detail = `The model server answered ${status}: ${text.slice(0, 500)}`;
  const isUnknown = /not (loaded|found|ready)|unknown model|failed to poll from model repository/i.test(text);
  if (status === 404 || (isUnknown && status <= 500)) return new StudioError('MODEL_NOT_FOUND', detail);
  return new StudioError(status < 500 ? 'MODEL_INVALID' : 'MODEL_SERVER_UNAVAILABLE', detail);
}
