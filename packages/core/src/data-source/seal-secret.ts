import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { StudioError } from '@embedding-studio/contracts';

const form = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

function keyOf(secretsKey: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretsKey, '', 'embedding-studio/source-secrets', 32));
}

/** AES-256-GCM. `context` says what the secret belongs to: sealed text that is moved elsewhere does not open. */
export function sealSecret(secret: string, options: { secretsKey: string; context: string }): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(options.secretsKey), nonce).setAAD(Buffer.from(options.context));
  const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${form}:${sealed.toString('base64url')}`;
}

/** @throws StudioError SETTINGS_INVALID when it was sealed with another key, or changed */
export function openSecret(sealed: string, options: { secretsKey: string; context: string }): string {
  try {
    const bytes = Buffer.from(sealed.slice(form.length + 1), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', keyOf(options.secretsKey), bytes.subarray(0, nonceBytes));
    decipher.setAAD(Buffer.from(options.context)).setAuthTag(bytes.subarray(-tagBytes));
    const opened = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new StudioError('SETTINGS_INVALID', 'A secret was encrypted with another SECRETS_KEY; set it again.', {
      cause,
    });
  }
}
