import { projectHeader } from '@embedding-studio/contracts';
import type { Ctx } from '@embedding-studio/core';
import { projectParameter } from '@/shell/project-names';
import { findUser } from './find-user';
import { openServer } from './open-server';

/** Who asks, in which project; null: nobody is signed in. @throws StudioError PROJECT_NOT_FOUND, FORBIDDEN */
export async function openContext(request: Request): Promise<Ctx | null> {
  const [{ backend, projects }, user] = await Promise.all([openServer(), findUser(request.headers)]);
  if (user === null) return null;
  const entered = backend.composition.enterProject(projects, { user, asked: askedProject(request) });
  return { ...entered, requestId: globalThis.crypto.randomUUID(), signal: request.signal };
}

/** Streams of events and downloads cannot carry a header: the address says it then. */
function askedProject(request: Request): string | null {
  return request.headers.get(projectHeader) ?? new URL(request.url).searchParams.get(projectParameter);
}
