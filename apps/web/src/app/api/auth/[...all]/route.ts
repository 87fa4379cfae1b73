import { openServer } from '@/server/open-server';

export const dynamic = 'force-dynamic';

async function handle(request: Request): Promise<Response> {
  const { auth } = await openServer();
  return auth.handler(request);
}

export { handle as GET, handle as POST };
