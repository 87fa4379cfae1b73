CREATE TABLE "experiments" (
	"id" text COLLATE "C" PRIMARY KEY,
	"state" text NOT NULL,
	"layer" text NOT NULL,
	"revision" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"document" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "experiments_newest" ON "experiments" ("created_at" DESC, "id" DESC);
--> statement-breakpoint
CREATE INDEX "experiments_running" ON "experiments" ("started_at", "id") WHERE "state" = 'running';
--> statement-breakpoint
CREATE TABLE "exposures" (
	"experiment_id" text COLLATE "C" NOT NULL REFERENCES "experiments" ("id") ON DELETE CASCADE,
	"unit" text COLLATE "C" NOT NULL,
	"arm" text COLLATE "C" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	PRIMARY KEY ("experiment_id", "unit", "arm")
);
--> statement-breakpoint
CREATE TABLE "agreements" (
	"experiment_id" text COLLATE "C" PRIMARY KEY REFERENCES "experiments" ("id") ON DELETE CASCADE,
	"sums" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "readouts" (
	"id" text COLLATE "C" PRIMARY KEY,
	"experiment_id" text COLLATE "C" NOT NULL REFERENCES "experiments" ("id") ON DELETE CASCADE,
	"input_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"document" jsonb NOT NULL,
	UNIQUE ("experiment_id", "input_hash")
);
--> statement-breakpoint
CREATE INDEX "readouts_newest" ON "readouts" ("experiment_id", "created_at" DESC, "id" DESC);
