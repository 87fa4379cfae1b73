import { noValue } from '../ui/format-number';

/** The part of JSON Schema that configs of methods use. */
interface Node {
  type?: string;
  const?: unknown;
  default?: unknown;
  enum?: string[];
  items?: Node;
  oneOf?: Node[];
  anyOf?: Node[];
  properties?: Record<string, Node>;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  description?: string;
}

export interface TextField {
  kind: 'text';
  key: string;
  /** What stands when nothing is typed; null: the budget decides. */
  fallback: string | null;
  hint: string;
  /** Several numbers or words, with commas between them. */
  isList?: boolean;
}

export interface ChoiceField {
  kind: 'choice';
  key: string;
  fallback: string;
  choices: string[];
}

/** A choice that brings settings of its own. */
export interface VariantField {
  kind: 'variant';
  key: string;
  fallback: string;
  variants: { name: string; fields: TextField[] }[];
}

export type SettingsField = TextField | ChoiceField | VariantField;

/** The fields of a form for a method's config. */
export function fieldsOf(schema: Record<string, unknown> | null): SettingsField[] {
  const { properties = {} } = (schema ?? {}) as Node;
  return Object.entries(properties).map(([key, node]) => fieldOf(key, node));
}

function fieldOf(key: string, node: Node): SettingsField {
  if (node.enum !== undefined) {
    const fallback = typeof node.default === 'string' ? node.default : (node.enum[0] ?? '');
    return { kind: 'choice', key, fallback, choices: node.enum };
  }
  const variants = (node.oneOf ?? []).flatMap((variant) => {
    const name = variant.properties?.kind?.const;
    if (typeof name !== 'string') return [];
    const own = Object.entries(variant.properties ?? {}).filter(([field]) => field !== 'kind');
    return [{ name, fields: own.map(([field, inner]) => textOf(field, inner)) }];
  });
  if (variants.length === 0) return textOf(key, node);
  const given = node.default as { kind?: string } | undefined;
  return { kind: 'variant', key, fallback: given?.kind ?? variants[0]?.name ?? '', variants };
}

function textOf(key: string, node: Node): TextField {
  if (node.type === 'array') {
    const words = node.items?.enum?.join(', ');
    const standard = Array.isArray(node.default) && node.default.length > 0 ? node.default.join(', ') : 'none';
    const hint = words === undefined ? 'whole numbers with commas' : `some of ${words}`;
    return { kind: 'text', key, fallback: standard, hint, isList: true };
  }
  const parts = node.anyOf ?? [node];
  const numeric = parts.find(({ type }) => type === 'integer' || type === 'number');
  const words = parts.flatMap((part) =>
    part.type === 'null' ? ['none'] : typeof part.const === 'string' ? [part.const] : [],
  );
  const fallback = node.default === undefined ? null : String(node.default);
  return { kind: 'text', key, fallback, hint: [rangeText(numeric), ...words].filter(Boolean).join(' or ') };
}

function rangeText(node: Node | undefined): string {
  if (node === undefined) return '';
  const unit = node.type === 'integer' ? 'whole number' : 'number';
  const low = node.minimum ?? node.exclusiveMinimum;
  if (low === undefined && node.maximum === undefined) return unit;
  const from = node.minimum === undefined && low !== undefined ? `above ${low}` : `from ${numberText(low)}`;
  return `${unit} ${from} to ${numberText(node.maximum)}`;
}

function numberText(value: number | undefined): string {
  return value?.toLocaleString('en-US', { maximumFractionDigits: 10 }) ?? noValue;
}

/** What was typed, by field: `temperature`, `trainable`, `trainable.layers`. */
export type Typed = Readonly<Record<string, string>>;

/** Settings as the method takes them; fields left empty keep their defaults. */
export function settingsOf(fields: readonly SettingsField[], typed: Typed): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const field of fields) {
    const text = typed[field.key]?.trim() ?? '';
    if (field.kind === 'variant') {
      const name = text || field.fallback;
      const own = field.variants.find((variant) => variant.name === name)?.fields ?? [];
      const inner = own.flatMap(({ key }) => {
        const value = typed[`${field.key}.${key}`]?.trim() ?? '';
        return value === '' ? [] : [[key, parseValue(value)] as const];
      });
      if (text !== '' || inner.length > 0) settings[field.key] = { kind: name, ...Object.fromEntries(inner) };
    } else if (text !== '')
      settings[field.key] = field.kind === 'text' && field.isList ? parseList(text) : parseValue(text);
  }
  return settings;
}

function parseValue(text: string): unknown {
  if (text === 'none') return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function parseList(text: string): unknown[] {
  const parts = text === 'none' ? [] : text.split(',');
  return parts.flatMap((part) => (part.trim() === '' ? [] : [parseValue(part.trim())]));
}

/** The other way: settings of an earlier job as typed text. */
export function typedOf(settings: Record<string, unknown>): Typed {
  const typed: Record<string, string> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (Array.isArray(value)) typed[key] = value.length > 0 ? value.join(', ') : 'none';
    else if (typeof value === 'object' && value !== null)
      for (const [inner, part] of Object.entries(value))
        typed[inner === 'kind' ? key : `${key}.${inner}`] = String(part);
    else typed[key] = value === null ? 'none' : String(value);
  }
  return typed;
}
