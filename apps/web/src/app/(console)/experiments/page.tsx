import type { Metadata } from 'next';
import { ExperimentsPage } from '@/experiments/experiments-page';

export const metadata: Metadata = { title: 'A/B & interleaving' };

export default function Experiments() {
  return <ExperimentsPage />;
}
