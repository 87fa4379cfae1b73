ALTER TABLE "data_sources" ADD COLUMN "deletions" text NOT NULL DEFAULT 'keep' CHECK ("deletions" IN ('keep', 'delete'));
--> statement-breakpoint
-- Which sync met an item in its source last: a full one that has not met it knows that it is gone.
CREATE TABLE "source_items" (
	"source_id" text COLLATE "C" NOT NULL REFERENCES "data_sources" ("id") ON DELETE CASCADE,
	"item_id" text COLLATE "C" NOT NULL,
	"task_id" text COLLATE "C" NOT NULL,
	PRIMARY KEY ("source_id", "item_id")
);
--> statement-breakpoint
CREATE INDEX "source_items_item" ON "source_items" ("item_id");
