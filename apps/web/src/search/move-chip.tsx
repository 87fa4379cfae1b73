import { Badge } from '@/ui/badge';
import { Tooltip } from '@/ui/tooltip';
import { type Compared, findMove, isLost } from './compared';

/** ▲n, ▼n, new, lost: beside colour always a sign or a word. */
export function MoveChips({ compared, column, itemId }: { compared: Compared; column: number; itemId: string }) {
  const move = findMove(compared, column, itemId);
  return (
    <>
      {move?.kind === 'new' && <Badge tone="accent">new</Badge>}
      {(move?.kind === 'up' || move?.kind === 'down') && (
        <Tooltip content={`${move.places} ${move.kind === 'up' ? 'higher' : 'lower'} than in the column on the left`}>
          <span>
            <Badge tone={move.kind === 'up' ? 'good' : 'warn'} className="nums">
              {move.kind === 'up' ? '▲' : '▼'}
              {move.places}
            </Badge>
          </span>
        </Tooltip>
      )}
      {isLost(compared, column, itemId) && <Badge tone="bad">lost</Badge>}
    </>
  );
}
