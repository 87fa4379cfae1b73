import { RunsPage } from '@/runs/runs-page';

export default function Runs() {
  return <RunsPage />;
}
