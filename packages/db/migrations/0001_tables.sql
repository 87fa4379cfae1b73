CREATE TABLE "api_keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"secret_hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "collections" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"model_id" text COLLATE "C" NOT NULL,
	"dims" integer NOT NULL,
	"status" text NOT NULL,
	"ranking" jsonb NOT NULL,
	"parts_max" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "collections_id_form" CHECK ("collections"."id" ~ '^col_[0-9a-f]{32}$'),
	CONSTRAINT "collections_status_known" CHECK ("collections"."status" IN ('building', 'ready', 'retired'))
);
--> statement-breakpoint
CREATE TABLE "items" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"item_no" integer GENERATED ALWAYS AS IDENTITY (sequence name "items_item_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"title" text NOT NULL,
	"body" text NOT NULL,
	"payload" jsonb NOT NULL,
	"content_hash" text NOT NULL,
	"parts" jsonb NOT NULL,
	"title_len" integer DEFAULT 0 NOT NULL,
	"body_len" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "items_item_no_unique" UNIQUE("item_no")
);
--> statement-breakpoint
CREATE TABLE "lexemes" (
	"lexeme" text COLLATE "C" PRIMARY KEY NOT NULL,
	"df" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lexical_statistics" (
	"singleton" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"items" integer DEFAULT 0 NOT NULL,
	"title_words" bigint DEFAULT 0 NOT NULL,
	"body_words" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "lexical_statistics_one_row" CHECK ("lexical_statistics"."singleton")
);
--> statement-breakpoint
CREATE TABLE "live_pointer" (
	"singleton" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"collection_id" text COLLATE "C" NOT NULL,
	"previous_collection_id" text COLLATE "C",
	"version" integer NOT NULL,
	"switched_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "live_pointer_one_row" CHECK ("live_pointer"."singleton")
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"manifest" jsonb NOT NULL,
	"artefact_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "live_pointer" ADD CONSTRAINT "live_pointer_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "live_pointer" ADD CONSTRAINT "live_pointer_previous_collection_id_collections_id_fk" FOREIGN KEY ("previous_collection_id") REFERENCES "public"."collections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_secret_hash" ON "api_keys" USING btree ("secret_hash");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "collections_newest" ON "collections" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "models_name" ON "models" USING btree ("name");--> statement-breakpoint
CREATE INDEX "models_newest" ON "models" USING btree ("created_at","id");