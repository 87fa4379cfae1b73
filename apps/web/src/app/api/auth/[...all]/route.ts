import { observeRequest } from '@/server/observe-request';
import { openServer } from '@/server/open-server';

export const dynamic = 'force-dynamic';

async function handle(request: Request): Promise<Response> {
  const { auth } = await openServer();
  return observeRequest({ route: '/api/auth/[...all]', request }, () => auth.handler(request));
}

export { handle as GET, handle as POST };
