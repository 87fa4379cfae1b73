export interface PlannedRun {
  /** Arguments of `npm run bench --`. */
  command: readonly string[];
  /** What it is about, in words. */
  about: string;
  /** More than it takes on two cores, minutes. */
  minutesMax: number;
  /** Its texts are of the data folder, where one is named. */
  takesData?: boolean;
}

/** Every benchmark with a goal, sized so that all of them take some ten minutes on two cores. */
export const plannedRuns: readonly PlannedRun[] = [
  {
    command: ['loop', '--items', '400'],
    about: 'training, embedding, search and reindex',
    minutesMax: 15,
    takesData: true,
  },
  {
    command: ['search', '--items', '1000'],
    about: 'the search verb, its REST route, filters',
    minutesMax: 8,
    takesData: true,
  },
  { command: ['train'], about: 'a training step against a forward pass, and PyTorch', minutesMax: 10 },
  { command: ['adapters', '--items', '20000'], about: 'vectors moved by an adapter', minutesMax: 5 },
  { command: ['ingest', '--items', '600'], about: 'items per second of an upsertion', minutesMax: 8, takesData: true },
  { command: ['clickstream'], about: 'events per second', minutesMax: 5 },
  { command: ['suggestions'], about: 'suggestions over 100,000 phrases', minutesMax: 5 },
  { command: ['sessions', '--sessions', '100000'], about: 'lists and figures of 100,000 sessions', minutesMax: 8 },
  { command: ['analytics', '--sessions', '100000'], about: 'figures and slices of 100,000 sessions', minutesMax: 8 },
  { command: ['tasks', '--tasks', '100000'], about: 'search over 100,000 jobs', minutesMax: 5 },
  { command: ['runs'], about: '500 tracked runs', minutesMax: 5 },
  { command: ['interleaving'], about: 'searches that A/B tests and interleaving need', minutesMax: 5 },
];
