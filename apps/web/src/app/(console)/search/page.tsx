import type { Metadata } from 'next';
import { SearchPlayground } from '@/search/playground';
import { openServer } from '@/server/open-server';

export const metadata: Metadata = { title: 'Search playground' };

export default async function SearchPage() {
  const { settings } = await openServer();
  return <SearchPlayground gatewayUrl={settings.GATEWAY_URL} />;
}
