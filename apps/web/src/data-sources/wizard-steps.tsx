import { Check } from 'lucide-react';
import { classNames } from '@/ui/class-names';

export function WizardSteps({ current, titles }: { current: number; titles: string[] }) {
  return (
    <ol className="mb-5 flex flex-wrap gap-x-5 gap-y-2" aria-label="Steps">
      {titles.map((title, index) => (
        <li
          key={title}
          aria-current={index === current ? 'step' : undefined}
          className={classNames('flex items-center gap-2', index === current ? 'font-medium' : 'text-ink-faint')}
        >
          <span
            className={classNames(
              'flex size-5 items-center justify-center rounded-full text-2xs',
              index <= current ? 'bg-accent text-accent-ink' : 'bg-sunken text-ink-soft',
            )}
          >
            {index < current ? <Check className="size-3" aria-label="done" /> : index + 1}
          </span>
          {title}
        </li>
      ))}
    </ol>
  );
}
