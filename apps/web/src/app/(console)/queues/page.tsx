import type { Metadata } from 'next';
import { QueuesPage } from '@/queues/queues-page';

export const metadata: Metadata = { title: 'Queues & workers' };

export default function Queues() {
  return <QueuesPage />;
}
