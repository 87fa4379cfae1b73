CREATE TABLE "suggestions" (
	"id" text COLLATE "C" PRIMARY KEY,
	"phrase" text NOT NULL,
	"key" text COLLATE "C" NOT NULL UNIQUE,
	"labels" text[] NOT NULL DEFAULT '{}',
	"domains" text[] NOT NULL DEFAULT '{}',
	"learned_domains" text[] NOT NULL DEFAULT '{}',
	"prob" real CHECK ("prob" BETWEEN 0 AND 1),
	"learned" real CHECK ("learned" BETWEEN 0 AND 1),
	"people" integer NOT NULL DEFAULT 0,
	-- Deleted by an operator: the row stays, so that sessions do not bring the phrase back.
	"is_deleted" boolean NOT NULL DEFAULT false,
	"score" real GENERATED ALWAYS AS (CASE WHEN "is_deleted" THEN NULL ELSE coalesce("prob", "learned") END) STORED
);
--> statement-breakpoint
-- Beginnings of one to three characters match too many phrases to sort them: these give the best ones first.
CREATE INDEX "suggestions_head_1" ON "suggestions" (left("key", 1), "score" DESC, "key") WHERE "score" IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "suggestions_head_2" ON "suggestions" (left("key", 2), "score" DESC, "key") WHERE "score" IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "suggestions_head_3" ON "suggestions" (left("key", 3), "score" DESC, "key") WHERE "score" IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "suggestions_best" ON "suggestions" ("score" DESC, "key") WHERE "score" IS NOT NULL;
--> statement-breakpoint
CREATE TABLE "suggestion_evidence" (
	"session_id" text COLLATE "C" PRIMARY KEY,
	"key" text COLLATE "C" NOT NULL,
	"contributor" text COLLATE "C" NOT NULL,
	"domain" text,
	"had_results" boolean NOT NULL,
	"satisfied" real NOT NULL,
	"at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX "suggestion_evidence_key" ON "suggestion_evidence" ("key");
--> statement-breakpoint
CREATE INDEX "suggestion_evidence_contributor" ON "suggestion_evidence" ("contributor");
--> statement-breakpoint
CREATE INDEX "suggestion_evidence_at" ON "suggestion_evidence" ("at");
--> statement-breakpoint
CREATE TABLE "suggestion_learning" (
	"singleton" boolean PRIMARY KEY DEFAULT true CHECK ("singleton"),
	"batch_id" text NOT NULL,
	"session_number" integer NOT NULL
);
--> statement-breakpoint
-- What a word and its beginnings look like with at most one character left out: two texts one edit apart share one.
CREATE FUNCTION suggestion_signatures(word text) RETURNS text[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT array_agg(DISTINCT signature)
          FROM generate_series(3, least(char_length(word), 9)) AS size,
               LATERAL (SELECT left(word, size) UNION ALL
                        SELECT left(word, at - 1) || substr(word, at + 1, size - at) FROM generate_series(1, size) AS at
               ) AS each(signature) $$;
--> statement-breakpoint
CREATE TABLE "suggestion_words" ("word" text COLLATE "C" PRIMARY KEY);
--> statement-breakpoint
CREATE INDEX "suggestion_words_signatures" ON "suggestion_words" USING gin (suggestion_signatures("word"));
--> statement-breakpoint
CREATE FUNCTION keep_suggestion_words() RETURNS trigger
  LANGUAGE plpgsql
  AS $$ BEGIN
    INSERT INTO suggestion_words (word)
    SELECT DISTINCT word FROM added, regexp_split_to_table(added.key, ' ') AS word
     WHERE char_length(word) BETWEEN 3 AND 60 ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;
--> statement-breakpoint
CREATE TRIGGER suggestion_words_kept AFTER INSERT ON "suggestions"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keep_suggestion_words();
--> statement-breakpoint
CREATE TABLE "category_models" (
	"collection_id" text COLLATE "C" PRIMARY KEY REFERENCES "collections" ("id") ON DELETE CASCADE,
	"field" text NOT NULL,
	"calibration" jsonb NOT NULL,
	"quality" jsonb,
	"fitted_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "category_centroids" (
	"collection_id" text COLLATE "C" NOT NULL REFERENCES "category_models" ("collection_id") ON DELETE CASCADE,
	"category" text COLLATE "C" NOT NULL,
	"items" integer NOT NULL,
	"clicks" real NOT NULL,
	"centroid" vector NOT NULL,
	PRIMARY KEY ("collection_id", "category")
);
--> statement-breakpoint
CREATE TABLE "category_clicks" (
	"collection_id" text COLLATE "C" NOT NULL REFERENCES "category_models" ("collection_id") ON DELETE CASCADE,
	"key" text COLLATE "C" NOT NULL,
	"category" text COLLATE "C" NOT NULL,
	"clicks" real NOT NULL,
	PRIMARY KEY ("collection_id", "key", "category")
);
