import type { QueryRow } from '@embedding-studio/core';
import { Badge } from '@/ui/badge';
import type { Column } from '@/ui/data-table';
import { formatCount, formatDecimal, formatShare } from '@/ui/format-number';
import type { QueryOrder } from './use-analytics';

const query: Column<QueryRow> = {
  id: 'query',
  header: 'Query',
  width: 'minmax(7rem, 1fr)',
  cell: (row) => <span title={row.query}>{row.query}</span>,
};

function count(id: string, header: string, read: (row: QueryRow) => number | undefined): Column<QueryRow> {
  return { id, header, width: '5rem', align: 'right', cell: (row) => formatCount(read(row)) };
}

function share(id: string, header: string, read: (row: QueryRow) => number | null | undefined): Column<QueryRow> {
  return { id, header, width: '5.5rem', align: 'right', cell: (row) => formatShare(read(row), 0) };
}

const searches = count('searches', 'Searches', (row) => row.searches);
const before = count('before', 'Before', (row) => row.previous?.searches);
const clicked = share('clicked', 'Clicked', (row) => row.clickRate);
const satisfied = share('satisfied', 'Satisfied', (row) => row.satisfiedRate);

function lost(header: string): Column<QueryRow> {
  return { id: 'lost', header, width: '5.5rem', align: 'right', cell: ({ weight }) => formatDecimal(weight, 1) };
}

const certainty: Column<QueryRow> = {
  id: 'certainty',
  header: 'Chance?',
  width: '6rem',
  cell: ({ isMaybeChance }) =>
    isMaybeChance === true ? <Badge tone="neutral">maybe chance</Badge> : <Badge tone="bad">real fall</Badge>,
};

const all: Record<QueryOrder, Column<QueryRow>[]> = {
  frequent: [query, searches, before, clicked, satisfied, share('zero', 'No result', zeroShare)],
  losers: [
    ...[query, lost('Clicks lost'), clicked, share('was', 'Before', (row) => row.previous?.clickRate), searches],
    certainty,
  ],
  unsatisfied: [
    ...[query, lost('Lost'), satisfied, share('was', 'Before', (row) => row.previous?.satisfiedRate), searches],
    certainty,
  ],
  zero: [query, count('zero', 'No result', (row) => row.zeroResults), searches, before],
  unclicked: [query, count('unclicked', 'No click', (row) => row.unclicked), clicked, satisfied, searches, before],
};

const narrowCount = 3;

function zeroShare({ zeroResults, searches: asked }: QueryRow): number | null {
  return asked === 0 ? null : zeroResults / asked;
}

/** The first three say what the list is about. */
export function columnsOf(order: QueryOrder, isNarrow: boolean): Column<QueryRow>[] {
  return isNarrow ? all[order].slice(0, narrowCount) : all[order];
}
