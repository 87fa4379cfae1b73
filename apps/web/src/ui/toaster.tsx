'use client';

import { useTheme } from 'next-themes';
import { Toaster as Toasts } from 'sonner';

/** Where `toast` appears: beside the navigation, so that neither it nor a peek with its actions is hidden. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Toasts
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-left"
      offset={{ left: 'var(--toast-left)', bottom: 16 }}
      mobileOffset={{ left: 12, right: 12, bottom: 64 }}
      closeButton
      style={{ fontFamily: 'inherit' }}
      className="[--toast-left:1rem] lg:[--toast-left:15rem]"
      toastOptions={{
        classNames: { toast: '!border-line !bg-raised !font-sans !text-ink !text-[13px] !shadow-float' },
      }}
    />
  );
}
