ALTER TABLE "collections" ADD COLUMN "query_adapters" jsonb DEFAULT '[]'::jsonb NOT NULL;
