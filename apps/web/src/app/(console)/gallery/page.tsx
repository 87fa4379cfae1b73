import { Page } from '@/shell/page';

export default function GalleryPage() {
  return <Page title="Components">…</Page>;
}
