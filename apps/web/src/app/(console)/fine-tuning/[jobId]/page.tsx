import { JobPage } from '@/fine-tuning/job-page';

export default async function Job({ params }: { params: Promise<{ jobId: string }> }) {
  const { jobId } = await params;
  return <JobPage jobId={decodeURIComponent(jobId)} />;
}
