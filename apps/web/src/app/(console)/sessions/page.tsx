import { SessionsPage } from '@/sessions/sessions-page';

export default function Sessions() {
  return <SessionsPage />;
}
