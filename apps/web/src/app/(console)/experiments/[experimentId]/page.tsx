import type { Metadata } from 'next';
import { ExperimentPage } from '@/experiments/experiment-page';

export const metadata: Metadata = { title: 'Experiment' };

export default async function Experiment({ params }: { params: Promise<{ experimentId: string }> }) {
  const { experimentId } = await params;
  return <ExperimentPage experimentId={decodeURIComponent(experimentId)} />;
}
