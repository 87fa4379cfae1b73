CREATE TABLE "data_sources" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"loader" text NOT NULL,
	"config" jsonb NOT NULL,
	"sealed" jsonb NOT NULL,
	"secret_references" jsonb NOT NULL,
	"mapping" jsonb NOT NULL,
	"processing" jsonb NOT NULL,
	"cursor" text,
	"last_task_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
