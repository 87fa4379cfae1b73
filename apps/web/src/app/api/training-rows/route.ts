import { httpStatusOf, isStudioError } from '@embedding-studio/contracts';
import type { ExportTrainingRowsInput } from '@embedding-studio/core';
import { observeRequest } from '@/server/observe-request';
import { openContext } from '@/server/open-context';
import { openServer } from '@/server/open-server';
import { refuseForeign } from '@/server/refuse-foreign';
import { streamBytes } from '@/server/stream-bytes';

export const dynamic = 'force-dynamic';

/** The rows behind a training as a file, part by part: `?job=…&format=jsonl|parquet|qrels|topics`. */
export function GET(request: Request): Promise<Response> {
  return observeRequest({ route: '/api/training-rows', request }, () => answer(request));
}

async function answer(request: Request): Promise<Response> {
  const refusal = await refuseForeign(request);
  if (refusal !== null) return refusal;
  const { backend } = await openServer();
  try {
    const ctx = await openContext(request);
    if (ctx === null) return Response.json({ error: { message: 'Sign in to go on.' } }, { status: 401 });
    const asked = new URL(request.url).searchParams;
    // The verb parses what was asked for and names what is wrong with it.
    const input = { jobId: asked.get('job') ?? undefined, format: asked.get('format') ?? undefined };
    const file = await backend.core.exportTrainingRows({ ctx, input: input as ExportTrainingRowsInput });
    return new Response(streamBytes(file.bytes), {
      headers: {
        'content-type': file.mediaType,
        'content-disposition': `attachment; filename="${file.fileName}"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    if (!isStudioError(error)) throw error;
    return Response.json({ error: { message: error.publicMessage } }, { status: httpStatusOf[error.code] });
  }
}
