import { describe, expect, it } from 'vitest';
import { databaseOf, settingsOf, sharedPrefix } from '../src/project-settings.ts';
import { parseSettings, studioFragment } from '../src/settings.ts';

const plain = {
  DATABASE_URL: 'postgres://studio:s%40cret@db.example:5433/shop?sslmode=require',
  MONGODB_URL: 'mongodb://db.example',
  TRITON_URL: 'http://models.example',
  MODEL_REPOSITORY_FOLDER: '/data/models',
  OBJECTS_FOLDER: '/data/objects',
  WORK_FOLDER: '/data/work',
  SOURCE_FOLDERS: '/feeds,/drop',
  SOURCE_SECRETS: '{"shop-db":"one","e-books/shop-db":"two"}',
};
const parse = (more: Record<string, string> = {}) => parseSettings(studioFragment, { ...plain, ...more });
const withBooks = parse({ PROJECTS: 'films, e-books' });

describe('the setting PROJECTS', () => {
  it('is one project where it is not set, with every name as it is given', () => {
    const settings = parse();
    expect(settings.PROJECTS).toEqual(['default']);
    expect(settingsOf(settings, 'default')).toEqual(settings);
    expect(sharedPrefix(settings, 'default')).toBe('');
  });

  it('leaves the first project its names, whatever it is called', () => {
    const { SOURCE_SECRETS, ...own } = settingsOf(withBooks, 'films');
    expect(own).toEqual((({ SOURCE_SECRETS: _secrets, ...rest }) => rest)(withBooks));
    expect(SOURCE_SECRETS).toEqual({ 'shop-db': 'one' });
    expect(sharedPrefix(withBooks, 'films')).toBe('');
  });

  it('gives every other project databases, folders, secrets and model names of its own', () => {
    const replicas = { DATABASE_REPLICA_URLS: 'postgres://a@r1:5432/shop, postgres://a@r2/shop' };
    expect(settingsOf(parse({ PROJECTS: 'films, e-books', ...replicas }), 'e-books').DATABASE_REPLICA_URLS).toEqual([
      'postgres://a@r1:5432/shop_e_books',
      'postgres://a@r2/shop_e_books',
    ]);
    expect(() => parse({ DATABASE_REPLICA_URLS: 'postgres://a@r1/shop,mysql://b' })).toThrow(/REPLICA_URLS: address 2/);
    expect(settingsOf(withBooks, 'e-books')).toMatchObject({
      DATABASE_URL: 'postgres://studio:s%40cret@db.example:5433/shop_e_books?sslmode=require',
      MONGODB_DATABASE: 'embedding_studio_e_books',
      OBJECTS_FOLDER: '/data/objects/projects/e-books',
      S3_PREFIX: 'projects/e-books/',
      WORK_FOLDER: '/data/work/projects/e-books',
      SOURCE_FOLDERS: ['/feeds/projects/e-books', '/drop/projects/e-books'],
      SOURCE_SECRETS: { 'shop-db': 'two' },
    });
    expect(databaseOf(withBooks, 'e-books')).toBe('shop_e_books');
    expect(sharedPrefix(withBooks, 'e-books')).toBe('e-books.');
  });

  it.each(['Films', '1films', 'films_a', 'films,,books', 'films,films', 'f'.repeat(33), '../films'])(
    'refuses %s',
    (PROJECTS) => {
      expect(() => parse({ PROJECTS })).toThrow(/PROJECTS/);
    },
  );

  it('refuses a name that PostgreSQL would cut off, by which two projects could become one', () => {
    const settings = parse({ PROJECTS: `films,${'b'.repeat(32)}`, MONGODB_DATABASE: 'm'.repeat(40) });
    expect(() => settingsOf(settings, 'b'.repeat(32))).toThrow(/too long/);
  });
});
