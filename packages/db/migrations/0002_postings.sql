-- One row per word and item. Lengths are repeated here so that scoring is an index-only scan.
CREATE TABLE "postings" (
	"lexeme" text COLLATE "C" NOT NULL,
	"item_no" integer NOT NULL,
	"title_tf" smallint NOT NULL,
	"body_tf" smallint NOT NULL,
	"title_len" integer NOT NULL,
	"body_len" integer NOT NULL,
	PRIMARY KEY ("lexeme", "item_no") INCLUDE ("title_tf", "body_tf", "title_len", "body_len")
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05);
--> statement-breakpoint
CREATE INDEX "postings_item" ON "postings" ("item_no");
--> statement-breakpoint
ALTER TABLE "lexemes" SET (fillfactor = 70);
--> statement-breakpoint
INSERT INTO "lexical_statistics" ("singleton") VALUES (true);
--> statement-breakpoint
CREATE FUNCTION refuse_audit_change() RETURNS trigger
  LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'insufficient_privilege'; END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
