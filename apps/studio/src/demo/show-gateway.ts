import type { OpenRun } from '../eval/open-run.ts';

/** A line to paste into a shell, and what the gateway answers to it now. */
export async function showGateway(run: OpenRun, query: string): Promise<string[]> {
  const url = `${run.gatewayUrl}/api/v1/embeddings/similarity-search`;
  const body = JSON.stringify({ search_query: query, limit: 3 });
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${run.apiKey}`, 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(30_000),
  });
  const quoted = body.replaceAll("'", "'\\''");
  return [
    `gateway: ${run.gatewayUrl}   contract: ${run.gatewayUrl}/openapi.json`,
    `curl -s ${url} -H 'authorization: Bearer ${run.apiKey}' -H 'content-type: application/json' -d '${quoted}'`,
    `  answers ${response.status} with ${(await response.text()).length} bytes`,
  ];
}
