import type { Candidate, JudgedQuery, RankingProfile } from '@embedding-studio/contracts';
import { orderTies, scaleCosines, scaleLexicals } from './fuse-candidates.ts';
import { discountAt, idealDcgAt } from './ranking-metrics.ts';

export interface FusionQuery {
  judged: JudgedQuery;
  candidates: readonly Candidate[];
}

export interface FusionSetting {
  vectorWeight: number;
  lexicalNorm: RankingProfile['lexicalNorm'];
  cosineNorm: RankingProfile['cosineNorm'];
}

/** nDCG@10 of every setting on every query. Column 0 is words alone, the last one meaning alone. */
export interface FusionGrid {
  settings: FusionSetting[];
  queries: number;
  /** [setting][query] */
  scores: Float64Array[];
}

export const weightSteps = 20;
const cutoff = 10;
const norms: Pick<RankingProfile, 'lexicalNorm' | 'cosineNorm'>[] = [
  { lexicalNorm: 'max', cosineNorm: 'minmax' },
  { lexicalNorm: 'max', cosineNorm: 'none' },
  { lexicalNorm: 'scale', cosineNorm: 'minmax' },
  { lexicalNorm: 'scale', cosineNorm: 'none' },
  { lexicalNorm: 'rank', cosineNorm: 'rank' },
];

/** The settings between the two legs, family by family in ascending weight, with one endpoint for each leg. */
export function listFusionSettings(base: RankingProfile): FusionSetting[] {
  const { lexicalNorm, cosineNorm } = base;
  const inner = norms.flatMap((norm) =>
    Array.from({ length: weightSteps - 1 }, (_, step) => ({ ...norm, vectorWeight: (step + 1) / weightSteps })),
  );
  return [{ lexicalNorm, cosineNorm, vectorWeight: 0 }, ...inner, { lexicalNorm, cosineNorm, vectorWeight: 1 }];
}

export function scoreFusionGrid(queries: readonly FusionQuery[], settings: FusionSetting[]): FusionGrid {
  const scores = settings.map(() => new Float64Array(queries.length));
  queries.forEach((query, column) => {
    const scored = prepareQuery(query);
    settings.forEach((setting, row) => {
      const target = scores[row];
      if (target) target[column] = scored(setting);
    });
  });
  return { settings, queries: queries.length, scores };
}

function prepareQuery({ judged, candidates }: FusionQuery): (setting: FusionSetting) => number {
  const ordered = orderTies(candidates);
  const gains = Float64Array.from(ordered, ({ itemId }) =>
    Object.hasOwn(judged.relevant, itemId) ? (judged.relevant[itemId] ?? 0) : 0,
  );
  const cosines = {
    minmax: scaleCosines(ordered, 'minmax'),
    none: scaleCosines(ordered, 'none'),
    rank: scaleCosines(ordered, 'rank'),
  };
  const lexicals = {
    max: scaleLexicals(ordered, 'max'),
    scale: scaleLexicals(ordered, 'scale'),
    rank: scaleLexicals(ordered, 'rank'),
  };
  const ideal = idealDcgAt(judged.relevant, cutoff);
  const top = createTop();
  return (setting) => {
    if (ideal === 0) return 0;
    const cosine = cosines[setting.cosineNorm];
    const lexical = lexicals[setting.lexicalNorm];
    top.clear();
    for (let index = 0; index < gains.length; index++)
      top.offer(
        setting.vectorWeight * (cosine[index] ?? 0) + (1 - setting.vectorWeight) * (lexical[index] ?? 0),
        index,
      );
    return top.dcg(gains) / ideal;
  };
}

/** Keeps the ten best in order; among equal scores the one offered first stays ahead, as in a stable sort. */
function createTop() {
  const best = new Float64Array(cutoff);
  const at = new Int32Array(cutoff);
  let size = 0;
  return {
    clear: () => {
      size = 0;
    },
    offer: (score: number, index: number) => {
      if (size === cutoff && score <= (best[cutoff - 1] as number)) return;
      let place = size < cutoff ? size++ : cutoff - 1;
      for (; place > 0 && score > (best[place - 1] as number); place--) {
        best[place] = best[place - 1] as number;
        at[place] = at[place - 1] as number;
      }
      best[place] = score;
      at[place] = index;
    },
    dcg: (gains: Float64Array) => {
      let sum = 0;
      for (let place = 0; place < size; place++) sum += (gains[at[place] as number] ?? 0) * discountAt(place);
      return sum;
    },
  };
}
