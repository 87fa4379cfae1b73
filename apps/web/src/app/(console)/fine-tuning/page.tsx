import { FineTuningPage } from '@/fine-tuning/fine-tuning-page';

export default function FineTuning() {
  return <FineTuningPage />;
}
