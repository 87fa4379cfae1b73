import { gunzipSync } from 'node:zlib';
import { StudioError } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { z } from 'zod';

const seed = 2_026;
/** Share of the clicked films that count as new; queries that click one of them are `test_unseen`. */
const newFilmShare = 0.03;
const validationShare = 0.08;
const testShare = 0.16;

const Film = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  title: z.string().nullish(),
  overview: z.string().nullish(),
});

interface Page {
  id: string;
  text: string;
  /** filmId → grade, in the order of the file, which is very likely the order shown. */
  grades: Map<string, number>;
}

/**
 * The public corpus and judgments → the files of a data folder. The split is drawn here from a fixed seed: a share of
 * the clicked films is declared new, queries clicking one become `test_unseen`, the others are drawn at random.
 */
export function convertMovies(corpus: Uint8Array, judgments: Uint8Array): Record<string, string> {
  const films = linesOf(corpus).map((line) => Film.parse(JSON.parse(line)));
  const known = new Set(films.map(({ id }) => id));
  const pages = readPages(linesOf(judgments), known);
  const splitOf = splitPages(pages);
  const trained = new Set(pages.filter(({ id }) => splitOf.get(id) === 'train').flatMap(listClicked));
  return {
    'items.jsonl': toLines(films.map(describeFilm)),
    'queries.jsonl': toLines(pages.map((page) => describeQuery(page, splitOf, trained))),
    'qrels.tsv': `query_id\titem_id\tgrade\n${pages.flatMap(({ id, grades }) => [...grades].map(([film, grade]) => `${id}\t${film}\t${grade}\n`)).join('')}`,
    'clicks.jsonl': toLines(pages.map(describeSession)),
  };
}

function describeFilm({ overview, title, budget: _budget, url: _url, poster: _poster, ...film }: z.infer<typeof Film>) {
  return { ...film, title: title ?? '', text: overview ?? '' };
}

function describeQuery(page: Page, splitOf: ReadonlyMap<string, string>, trained: ReadonlySet<string>) {
  const clicked = listClicked(page);
  const newItems = clicked.filter((film) => !trained.has(film)).length;
  const { id, text, grades } = page;
  return { id, text, split: splitOf.get(id), shown: grades.size, clicked: clicked.length, new_items: newItems };
}

function describeSession(page: Page) {
  const { id, text, grades } = page;
  return { session_id: `s${id}`, query_id: id, query: text, shown: [...grades.keys()], clicked: listClicked(page) };
}

/** Columns are found by their names in the header: query_id, query, doc_id, grade. */
function readPages(lines: readonly string[], known: ReadonlySet<string>): Page[] {
  const [header = '', ...rows] = lines;
  const names = header.split('\t');
  const column = (name: string) => {
    const index = names.indexOf(name);
    if (index < 0) throw new StudioError('SOURCE_UNREACHABLE', `The judgments have no column ${name}.`);
    return index;
  };
  const at = { id: column('query_id'), text: column('query'), film: column('doc_id'), grade: column('grade') };
  const pages = new Map<string, Page>();
  for (const row of rows) {
    const cells = row.split('\t');
    const [id, text, film] = [at.id, at.text, at.film].map((index) => cells[index] ?? '') as [string, string, string];
    if (!known.has(film) || text === '') continue;
    const page = pages.get(id) ?? { id: `q${id.replace(/^qid:/, '')}`, text, grades: new Map<string, number>() };
    page.grades.set(film, Number(cells[at.grade]) || 0);
    pages.set(id, page);
  }
  return [...pages.values()].filter((page) => listClicked(page).length > 0);
}

function splitPages(pages: readonly Page[]): Map<string, string> {
  const clicked = [...new Set(pages.flatMap(listClicked))].sort();
  const random = createRandom(seed);
  const fresh = new Set(shuffle(clicked, random).slice(0, Math.round(clicked.length * newFilmShare)));
  return new Map(
    pages.map((page) => {
      const draw = random();
      if (listClicked(page).some((film) => fresh.has(film))) return [page.id, 'test_unseen'];
      if (draw < validationShare) return [page.id, 'val'];
      return [page.id, draw < validationShare + testShare ? 'test' : 'train'];
    }),
  );
}

function listClicked({ grades }: Page): string[] {
  return [...grades].filter(([, grade]) => grade > 0).map(([film]) => film);
}

function linesOf(gzipped: Uint8Array): string[] {
  return gunzipSync(gzipped)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

function toLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
