import type { Metadata } from 'next';
import { DataSourcesPage } from '@/data-sources/data-sources-page';

export const metadata: Metadata = { title: 'Data sources' };

export default DataSourcesPage;
