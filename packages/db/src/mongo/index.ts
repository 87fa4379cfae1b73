export {
  countDocuments,
  type DocumentCounts,
  type DocumentPlace,
  dumpDocuments,
  restoreDocuments,
} from './dump-documents.ts';

export { inspectMongo, type MongoFacts } from './inspect-mongo.ts';
export { type MongoSettings, type MongoStores, openMongo } from './open-mongo.ts';
