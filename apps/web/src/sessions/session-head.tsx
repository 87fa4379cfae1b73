import { classNames } from '@/ui/class-names';

/** Width, and from which screen on it is shown. */
export const columns = [
  { title: 'Time', look: 'w-20' },
  { title: 'Query', look: '' },
  { title: 'Results', look: 'hidden w-16 text-right sm:table-cell' },
  { title: 'Clicks', look: 'hidden w-14 text-right sm:table-cell' },
  { title: 'First click', look: 'hidden w-20 text-right md:table-cell' },
  { title: 'Dwell', look: 'hidden w-20 text-right md:table-cell' },
  { title: 'User', look: 'hidden w-24 2xl:table-cell' },
  { title: 'Outcome', look: 'w-28' },
] as const;

export function SessionHead() {
  return (
    <thead className="sticky top-0 z-10 bg-surface text-left text-2xs text-ink-faint shadow-[0_1px_0_var(--line)]">
      <tr>
        {columns.map(({ title, look }) => (
          <th key={title} scope="col" className={classNames('h-8 px-2 font-normal first:pl-4', look)}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
