import type { SessionTimeline } from '@embedding-studio/core';
import { Ban, Check } from 'lucide-react';
import { whyDropped } from './flag-words';

/** What will be learned from the session, and why not where nothing is. */
export function TrainingVerdict({ session }: { session: SessionTimeline }) {
  const reasons = session.traits.exclusions.length > 0 ? session.traits.exclusions : [session.dropped];
  const isGood = session.dropped === null;
  const Icon = isGood ? Check : Ban;
  return (
    <section
      aria-label="Training"
      className={`flex gap-2 rounded-md px-3 py-2 text-xs ${isGood ? 'bg-good-soft text-good' : 'bg-warn-soft text-warn'}`}
    >
      <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      {isGood ? (
        <p>Good evidence: its clicks speak for items and against those passed over.</p>
      ) : (
        <p>
          <span className="font-medium">Left out of training.</span>{' '}
          {reasons.map((reason) => (reason === null ? '' : whyDropped(reason))).join(' ')}
        </p>
      )}
    </section>
  );
}
