CREATE TABLE "policies" (
	"name" text COLLATE "C" PRIMARY KEY,
	"value" jsonb NOT NULL,
	"updated_at" timestamptz NOT NULL DEFAULT now()
);
