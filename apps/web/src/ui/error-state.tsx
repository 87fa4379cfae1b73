'use client';

import { TriangleAlert } from 'lucide-react';
import { Button } from './button';
import { errorText } from './error-text';

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-10 text-center">
      <TriangleAlert className="mb-3 size-6 text-bad" strokeWidth={1.5} aria-hidden />
      <p className="max-w-md">{errorText(error)}</p>
      {onRetry && (
        <Button className="mt-4" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
