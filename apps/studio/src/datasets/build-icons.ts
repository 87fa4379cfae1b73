import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ItemInput } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { z } from 'zod';
import type { Dataset, DatasetQuery } from './dataset.ts';

const seed = 20_261;
const tagIcons = { min: 3, max: 40 };
/** Share of the eligible tags that become queries and leave every searchable text. */
const queryShare = 0.5;
const withheldShare = 0.18;
const familyShareMax = 0.03;

/** Icon names with their authors' tags → items, and queries for tags that no item's text contains. */
export function buildIcons(tagsOf: Readonly<Record<string, readonly string[]>>): Dataset {
  const icons = Object.keys(tagsOf).sort();
  const withheld = withholdFamilies(icons);
  const iconsOf = invertTags(tagsOf);
  const queryTags = chooseQueryTags(iconsOf);
  const queries: DatasetQuery[] = [];
  const qrels: Dataset['qrels'] = new Map();
  const random = createRandom(seed + 2);
  for (const tag of queryTags) {
    const wanted = iconsOf.get(tag) ?? [];
    const split = splitTag(wanted, withheld, random);
    const visible = split.startsWith('test') ? wanted : wanted.filter((icon) => !withheld.has(icon));
    const id = `tag-${queries.length + 1}`;
    queries.push({ id, text: tag, split });
    qrels.set(id, new Map(visible.map((icon) => [icon, 1])));
  }
  const isQuery = new Set(queryTags);
  return {
    name: 'icons',
    source: 'npm package lucide-static (ISC): icon names and their authors’ tags; sessions are simulated',
    items: icons.map((icon) =>
      describeIcon(
        icon,
        (tagsOf[icon] ?? []).filter((tag) => !isQuery.has(tag)),
      ),
    ),
    queries,
    qrels,
    sessions: null,
    withheld,
    isFullyJudged: true,
    warnings: [],
  };
}

export async function loadIcons(): Promise<Dataset> {
  const path = createRequire(import.meta.url).resolve('lucide-static/tags.json');
  const tags = z.record(z.string(), z.array(z.string())).parse(JSON.parse(await readFile(path, 'utf8')));
  return buildIcons(tags);
}

function describeIcon(icon: string, otherTags: readonly string[]): ItemInput {
  return { id: icon, title: icon.replaceAll('-', ' '), text: '', payload: { categories: [...otherTags] } };
}

/** Whole families (icons that share their first word) stand for what is new after training. */
function withholdFamilies(icons: readonly string[]): Set<string> {
  const families = new Map<string, string[]>();
  for (const icon of icons) {
    const family = icon.split('-')[0] ?? icon;
    families.set(family, [...(families.get(family) ?? []), icon]);
  }
  const withheld = new Set<string>();
  for (const family of shuffle([...families.values()], createRandom(seed))) {
    if (withheld.size >= withheldShare * icons.length) break;
    if (family.length <= familyShareMax * icons.length) for (const icon of family) withheld.add(icon);
  }
  return withheld;
}

function invertTags(tagsOf: Readonly<Record<string, readonly string[]>>): Map<string, string[]> {
  const iconsOf = new Map<string, string[]>();
  for (const [icon, tags] of Object.entries(tagsOf))
    for (const tag of new Set(tags)) iconsOf.set(tag, [...(iconsOf.get(tag) ?? []), icon]);
  return iconsOf;
}

function chooseQueryTags(iconsOf: ReadonlyMap<string, string[]>): string[] {
  const eligible = [...iconsOf].filter(([, icons]) => icons.length >= tagIcons.min && icons.length <= tagIcons.max);
  const tags = eligible.map(([tag]) => tag).sort();
  return shuffle(tags, createRandom(seed + 1)).slice(0, Math.round(tags.length * queryShare));
}

/** A tag mostly about withheld icons asks for what training cannot have seen; the others are drawn 65 : 12 : 23. */
function splitTag(wanted: readonly string[], withheld: ReadonlySet<string>, random: () => number): string {
  const draw = random();
  if (wanted.filter((icon) => withheld.has(icon)).length * 2 >= wanted.length) return 'test_unseen';
  if (draw < 0.65) return 'train';
  return draw < 0.77 ? 'val' : 'test';
}
