-- What is learned between fine-tunings lies over the vectors of a collection and never in them.
CREATE TABLE "improvement_state" (
	"collection_id" text COLLATE "C" PRIMARY KEY REFERENCES "collections" ("id"),
	"is_on" boolean NOT NULL DEFAULT false,
	"is_held" boolean NOT NULL DEFAULT false,
	"version" integer NOT NULL DEFAULT 0,
	"version_last" integer NOT NULL DEFAULT 0,
	"learn_from" timestamptz NOT NULL DEFAULT now(),
	"cursor_at" timestamptz,
	"cursor_key" text
);
--> statement-breakpoint
CREATE TABLE "improvement_queries" (
	"collection_id" text COLLATE "C" NOT NULL REFERENCES "collections" ("id"),
	"query_key" text COLLATE "C" NOT NULL,
	"embedding" vector NOT NULL,
	PRIMARY KEY ("collection_id", "query_key")
);
--> statement-breakpoint
-- Weight above zero: wanted; below: looked at and passed over.
CREATE TABLE "improvement_evidence" (
	"collection_id" text COLLATE "C" NOT NULL REFERENCES "collections" ("id"),
	"item_id" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"user_key" text COLLATE "C" NOT NULL,
	"is_anonymous" boolean NOT NULL,
	"query_key" text COLLATE "C" NOT NULL,
	"weight" real NOT NULL,
	"at" timestamptz NOT NULL,
	PRIMARY KEY ("collection_id", "item_id", "session_id")
);
--> statement-breakpoint
CREATE INDEX "improvement_evidence_session" ON "improvement_evidence" ("collection_id", "session_id");
--> statement-breakpoint
CREATE INDEX "improvement_evidence_user" ON "improvement_evidence" ("user_key", "collection_id", "at");
--> statement-breakpoint
-- An item is served as norm(keep · d + shift); a row without shift ends what older versions said.
CREATE TABLE "item_deltas" (
	"collection_id" text COLLATE "C" NOT NULL REFERENCES "collections" ("id"),
	"item_id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"keep" real NOT NULL,
	"norm" real NOT NULL,
	"shift" vector,
	"provenance" jsonb NOT NULL,
	"made_at" timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY ("collection_id", "item_id", "version")
);
--> statement-breakpoint
CREATE INDEX "item_deltas_version" ON "item_deltas" ("collection_id", "version");
--> statement-breakpoint
CREATE TABLE "user_centroids" (
	"collection_id" text COLLATE "C" NOT NULL REFERENCES "collections" ("id"),
	"user_key" text COLLATE "C" NOT NULL,
	"place" smallint NOT NULL,
	"embedding" vector NOT NULL,
	"weight" real NOT NULL,
	PRIMARY KEY ("collection_id", "user_key", "place")
);
--> statement-breakpoint
CREATE INDEX "user_centroids_user" ON "user_centroids" ("user_key");
