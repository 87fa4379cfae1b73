const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;
const statuses = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

export interface HttpLabels {
  route: string;
  method: (typeof methods)[number];
  status: (typeof statuses)[number];
}

/** Labels of an answered request; `route` is its template. Methods that nobody routes count as GET. */
export function httpLabels(answered: { route: string; method: string; status: number }): HttpLabels {
  const { route } = answered;
  const method = methods.find((known) => known === answered.method) ?? 'GET';
  return { route, method, status: statuses[Math.floor(answered.status / 100) - 1] ?? '5xx' };
}
