'use client';

import { useTheme } from 'next-themes';
import { Toaster as Toasts } from 'sonner';

/** Where `toast` from sonner appears; errors stay until they are closed. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Toasts
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      closeButton
      toastOptions={{ classNames: { toast: '!border-line !bg-raised !text-ink !text-[13px] !shadow-float' } }}
    />
  );
}
