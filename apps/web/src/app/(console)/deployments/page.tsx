import type { Metadata } from 'next';
import { DeploymentsPage } from '@/deployments/deployments-page';

export const metadata: Metadata = { title: 'Deployments' };

export default function Deployments() {
  return <DeploymentsPage />;
}
