export { type MongoSettings, type MongoStores, openMongo } from './open-mongo.ts';
