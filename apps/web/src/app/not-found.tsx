import type { Metadata } from 'next';
import Link from 'next/link';
import { Frame } from '@/sign-in/frame';
import { Button } from '@/ui/button';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <Frame title="There is no such page" hint="The address may be mistyped, or what it led to is gone.">
      <Button asChild kind="primary">
        <Link href="/overview">To the overview</Link>
      </Button>
    </Frame>
  );
}
