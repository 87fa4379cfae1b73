import { StudioError } from '@embedding-studio/contracts';
import type { ObjectAnswer } from './patient-requests.ts';

/**
 * Passes a successful answer on.
 * @throws StudioError MODEL_NOT_FOUND for a key that is not there, STORE_UNAVAILABLE for anything that the settings or
 * the store have to mend
 */
export function requireS3Success(answer: ObjectAnswer, key: string): ObjectAnswer {
  const { status } = answer;
  if (status >= 200 && status < 300) return answer;
  const text = Buffer.from(answer.body).toString('utf8');
  const reason = /<Code>([A-Za-z]{1,80})<\/Code>/.exec(text)?.[1] ?? '';
  if (reason === 'NoSuchBucket') throw faulty('S3_BUCKET', 'there is no such bucket');
  if (status === 404) throw new StudioError('MODEL_NOT_FOUND', `There is no object at ${key}.`);
  if (status === 401 || status === 403)
    throw faulty('S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY', `the store refuses them (${status} ${reason})`);
  if (status === 301 || status === 307) throw faulty('S3_REGION', 'the bucket is in another one');
  throw new StudioError('STORE_UNAVAILABLE', `The object store answered ${status} ${reason} at ${key}.`);
}

function faulty(setting: string, why: string): StudioError {
  return new StudioError('STORE_UNAVAILABLE', `The object store cannot be used. ${setting}: ${why}.`);
}
