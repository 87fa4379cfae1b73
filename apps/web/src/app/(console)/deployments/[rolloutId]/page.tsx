import type { Metadata } from 'next';
import { RolloutPage } from '@/deployments/rollout-page';

export const metadata: Metadata = { title: 'Rollout' };

export default async function Rollout({ params }: { params: Promise<{ rolloutId: string }> }) {
  const { rolloutId } = await params;
  return <RolloutPage rolloutId={decodeURIComponent(rolloutId)} />;
}
