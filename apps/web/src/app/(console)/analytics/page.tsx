import { AnalyticsPage } from '@/analytics/analytics-page';

export default function Analytics() {
  return <AnalyticsPage />;
}
