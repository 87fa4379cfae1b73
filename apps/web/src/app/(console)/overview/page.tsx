import { OverviewPage } from '@/overview/overview-page';

export default function Overview() {
  return <OverviewPage />;
}
