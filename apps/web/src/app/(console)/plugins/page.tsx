import type { Metadata } from 'next';
import { PluginsPage } from '@/plugins/plugins-page';

export const metadata: Metadata = { title: 'Plugins' };

export default PluginsPage;
