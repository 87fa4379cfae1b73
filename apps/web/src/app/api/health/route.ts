import { openServer } from '@/server/open-server';

export const dynamic = 'force-dynamic';

/** Ready once the stores answer; 503 with the reason's code otherwise. */
export async function GET(): Promise<Response> {
  try {
    const { studio } = await openServer();
    await studio.deps.users.countUsers();
    return Response.json({ ready: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
    return Response.json({ ready: false, code }, { status: 503 });
  }
}
