import { describe, expect, test } from 'vitest';
import { checkValue, fieldKind, fieldTitle, type JsonSchema, startValue, variantIndex } from '../src/ui/json-schema';

const form: JsonSchema = {
  type: 'object',
  required: ['url', 'half'],
  properties: {
    url: { type: 'string', format: 'uri' },
    half: { type: 'number', exclusiveMinimum: 0, default: 100 },
    top: { type: 'integer', minimum: 2, maximum: 100 },
    mode: { type: 'string', enum: ['pad', 'cover'], default: 'pad' },
    fields: { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: 2 },
    token: { type: 'string', secret: true },
    trainable: {
      oneOf: [
        { type: 'object', required: ['kind'], properties: { kind: { type: 'string', const: 'all' } } },
        {
          type: 'object',
          required: ['kind'],
          properties: { kind: { type: 'string', const: 'lora' }, rank: { type: 'integer', minimum: 1 } },
        },
      ],
    },
    stepsMax: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
  },
};
const url = 'https://example.com/a.jsonl';

describe('the check of a config against its schema', () => {
  test('finds nothing wrong where what must be given is there and defaults are left out', () => {
    expect(checkValue(form, { url })).toEqual({});
  });

  test('names a needed field that is missing or empty, never a secret', () => {
    expect(checkValue(form, {})).toEqual({ url: 'This is needed.' });
    expect(checkValue({ ...form, required: ['url', 'token'] }, { url: '' })).toEqual({ url: 'This is needed.' });
  });

  test('names what is wrong with a number, a choice, a list and an address', () => {
    const faults = checkValue(form, { url: 'nowhere', half: 0, top: 2.5, mode: 'stretch', fields: ['a', ''] });
    expect(Object.keys(faults)).toEqual(['url', 'half', 'top', 'mode', 'fields']);
    expect(faults.half).toBe('More than 0.');
    expect(faults.fields).toContain('Line 2');
  });

  test('checks a value of several forms against the one that its tag names', () => {
    expect(checkValue(form, { url, trainable: { kind: 'lora', rank: 0 } })).toEqual({
      'trainable.rank': 'At least 1.',
    });
    expect(checkValue(form, { url, trainable: { kind: 'all' }, stepsMax: null })).toEqual({});
    expect(checkValue(form, { url, stepsMax: 0 })).toHaveProperty('stepsMax');
  });

  test('knows the form of a value that is not finished', () => {
    const variants = form.properties?.trainable?.oneOf ?? [];
    expect(variantIndex(variants, { kind: 'lora' })).toBe(1);
    expect(startValue(variants[1] ?? {})).toEqual({ kind: 'lora' });
  });

  test('gives each property its field, and a title that people read', () => {
    const kinds = Object.values(form.properties ?? {}).map(fieldKind);
    expect(kinds).toEqual(['text', 'number', 'number', 'choice', 'list', 'secret', 'variants', 'variants']);
    expect(fieldTitle('halfLifeDays', {})).toBe('Half life days');
  });
});
