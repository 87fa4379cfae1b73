/** As much of JSON Schema (draft 2020-12) as the schemas of plugins use. */
export interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  /** Write-only: set, never shown. */
  secret?: boolean;
}

/** What is wrong, by dotted path. */
export type Faults = Record<string, string>;

export type FieldKind = 'secret' | 'choice' | 'variants' | 'boolean' | 'number' | 'text' | 'list' | 'object' | 'json';

export function fieldKind(schema: JsonSchema): FieldKind {
  if (schema.secret) return 'secret';
  if (schema.enum !== undefined || schema.const !== undefined) return 'choice';
  if (variantsOf(schema).length > 0) return 'variants';
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'boolean') return 'boolean';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'string') return 'text';
  if (type === 'array' && isPlain(itemOf(schema))) return 'list';
  return type === 'object' && schema.properties !== undefined ? 'object' : 'json';
}

export function variantsOf(schema: JsonSchema): JsonSchema[] {
  return schema.oneOf ?? schema.anyOf ?? [];
}

/** The schema of a list's entries. */
export function itemOf(schema: JsonSchema): JsonSchema {
  return schema.prefixItems?.[0] ?? (typeof schema.items === 'object' ? schema.items : {});
}

function isPlain({ type }: JsonSchema): boolean {
  return type === 'string' || type === 'number' || type === 'integer';
}

/** `halfLifeDays` → `Half life days`. */
export function fieldTitle(name: string, schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

/** How one of several forms of a value is called. */
export function variantTitle(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return String(schema.const);
  const tag = Object.values(schema.properties ?? {}).find((property) => property.const !== undefined);
  if (tag !== undefined) return fieldTitle(String(tag.const), {});
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : schema.type;
  return type === 'null' ? 'None' : type === 'integer' ? 'Number' : fieldTitle(type ?? 'value', {});
}

/** What a new value of this form begins as. */
export function startValue(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.type === 'null') return null;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 0;
  if (schema.type === 'boolean') return false;
  if (schema.type === 'array') return [];
  if (schema.type !== 'object') return '';
  const fixed = Object.entries(schema.properties ?? {}).filter(([, property]) => property.const !== undefined);
  return Object.fromEntries(fixed.map(([name, property]) => [name, property.const]));
}

/** Which form a value has: the one that it breaks the fewest rules of. */
export function variantIndex(variants: JsonSchema[], value: unknown): number {
  const faults = variants.map((variant) => Object.keys(checkValue(variant, value)).length + misfit(variant, value));
  return faults.indexOf(Math.min(...faults));
}

function misfit(variant: JsonSchema, value: unknown): number {
  const tag = Object.entries(variant.properties ?? {}).find(([, property]) => property.const !== undefined);
  if (tag === undefined) return 0;
  return (value as Record<string, unknown> | null)?.[tag[0]] === tag[1].const ? 0 : 100;
}

/** Everything that a value breaks, by dotted path below `path`; what is absent and optional breaks nothing. */
export function checkValue(schema: JsonSchema, value: unknown, path = ''): Faults {
  const kind = fieldKind(schema);
  if (kind === 'secret') return {};
  if (kind === 'choice') return only(path, checkChoice(schema, value));
  if (kind === 'variants') return checkVariants(schema, { value, path });
  if (kind === 'object') return checkObject(schema, { value, path });
  if (kind === 'number') return only(path, checkNumber(schema, value));
  if (kind === 'text') return only(path, checkText(schema, value));
  if (kind === 'list') return checkList(schema, { value, path });
  if (kind === 'boolean') return only(path, typeof value === 'boolean' ? null : 'Choose on or off.');
  if (schema.type === 'null') return only(path, value === null ? null : 'Leave it empty.');
  return only(path, typeof value === 'string' && schema.type !== undefined ? 'This is not JSON.' : null);
}

const only = (path: string, fault: string | null): Faults => (fault === null ? {} : { [path]: fault });
const below = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function checkChoice({ enum: choices, const: fixed }: JsonSchema, value: unknown): string | null {
  const allowed = choices ?? [fixed];
  return allowed.includes(value) ? null : `Choose one of ${allowed.map(String).join(', ')}.`;
}

function checkVariants(schema: JsonSchema, at: { value: unknown; path: string }): Faults {
  const variants = variantsOf(schema);
  const all = variants.map((variant) => checkValue(variant, at.value, at.path));
  if (all.some((faults) => Object.keys(faults).length === 0)) return {};
  return all[variantIndex(variants, at.value)] ?? {};
}

function checkObject(schema: JsonSchema, { value, path }: { value: unknown; path: string }): Faults {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const faults: Faults = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isNeeded = schema.required?.includes(name) === true && property.default === undefined;
    const entry = given[name];
    if (entry === undefined || (entry === '' && isNeeded)) {
      if (isNeeded && !property.secret) faults[below(path, name)] = 'This is needed.';
    } else Object.assign(faults, checkValue(property, entry, below(path, name)));
  }
  return faults;
}

function checkNumber(schema: JsonSchema, value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'Type a number.';
  if (schema.type === 'integer' && !Number.isInteger(value)) return 'Type a whole number.';
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && value < minimum) return `At least ${minimum}.`;
  if (maximum !== undefined && value > maximum) return `At most ${maximum}.`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return `More than ${exclusiveMinimum}.`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return `Less than ${exclusiveMaximum}.`;
  return null;
}

function checkText(schema: JsonSchema, value: unknown): string | null {
  if (typeof value !== 'string') return 'Type a text.';
  if (value.length < (schema.minLength ?? 0))
    return value === '' ? 'This is needed.' : `At least ${schema.minLength} characters.`;
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return `At most ${schema.maxLength} characters.`;
  if (schema.format === 'uri' && !URL.canParse(value)) return 'Type an address, as https://example.com/items.jsonl.';
  return null;
}

function checkList(schema: JsonSchema, { value, path }: { value: unknown; path: string }): Faults {
  if (!Array.isArray(value)) return { [path]: 'Type one entry a line.' };
  if (value.length < (schema.minItems ?? 0)) return { [path]: `At least ${schema.minItems} entries.` };
  if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY))
    return { [path]: `At most ${schema.maxItems} entries.` };
  for (const [index, entry] of value.entries()) {
    const [fault] = Object.values(checkValue(itemOf(schema), entry, 'entry'));
    if (fault !== undefined) return { [path]: `Line ${index + 1}: ${fault}` };
  }
  return {};
}
