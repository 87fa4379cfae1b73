import type { Metadata } from 'next';
import { SearchPlayground } from '@/search/playground';

export const metadata: Metadata = { title: 'Search playground' };

export default function SearchPage() {
  return <SearchPlayground />;
}
