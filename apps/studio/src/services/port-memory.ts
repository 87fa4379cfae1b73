import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { findFreePort } from './free-port.ts';

const portsSchema = z.record(z.string(), z.number().int());

function readPorts(path: string): Record<string, number> {
  if (!existsSync(path)) return {};
  const parsed = portsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : {};
}

/** A port for each name: the one of the last run where it is still free, so that addresses stay the same. */
export async function choosePorts(
  path: string,
  wanted: Record<string, number | undefined>,
): Promise<Record<string, number>> {
  const before = readPorts(path);
  const chosen: Record<string, number> = {};
  for (const [name, preferred] of Object.entries(wanted)) {
    let port = await findFreePort(preferred ?? before[name]);
    while (Object.values(chosen).includes(port)) port = await findFreePort();
    chosen[name] = port;
  }
  writeFileSync(path, `${JSON.stringify({ ...before, ...chosen })}\n`);
  return chosen;
}
