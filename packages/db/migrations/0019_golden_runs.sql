CREATE TABLE "golden_runs" (
	"id" text COLLATE "C" PRIMARY KEY,
	"at" timestamp with time zone NOT NULL,
	"report" jsonb NOT NULL,
	"scores" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "golden_runs_newest" ON "golden_runs" ("at" DESC, "id" DESC);
