CREATE TABLE "saved_views" (
	"id" text COLLATE "C" PRIMARY KEY,
	"page" text NOT NULL,
	"name" text NOT NULL,
	"search" text NOT NULL,
	"is_shared" boolean NOT NULL DEFAULT false,
	"owner" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL DEFAULT now(),
	"updated_at" timestamp with time zone NOT NULL DEFAULT now()
);
--> statement-breakpoint
CREATE UNIQUE INDEX "saved_views_name" ON "saved_views" ("owner", "page", "name");
--> statement-breakpoint
CREATE INDEX "saved_views_shared" ON "saved_views" ("page") WHERE "is_shared";
--> statement-breakpoint
CREATE TABLE "judgements" (
	"query_key" text COLLATE "C" NOT NULL,
	"item_id" text COLLATE "C" NOT NULL,
	"judge" text COLLATE "C" NOT NULL,
	"query" text NOT NULL,
	"grade" smallint NOT NULL CHECK ("grade" BETWEEN 0 AND 3),
	"judged_at" timestamp with time zone NOT NULL DEFAULT now(),
	PRIMARY KEY ("query_key", "item_id", "judge")
);
--> statement-breakpoint
CREATE TABLE "collection_checks" (
	"id" text COLLATE "C" PRIMARY KEY,
	"collection_id" text COLLATE "C" NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL DEFAULT now(),
	"report" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "collection_checks_newest" ON "collection_checks" ("collection_id", "at", "id");
