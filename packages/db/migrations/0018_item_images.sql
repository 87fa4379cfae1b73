ALTER TABLE "items" ADD COLUMN "image" text;--> statement-breakpoint
CREATE INDEX "items_image" ON "items" ("image") WHERE "image" IS NOT NULL;
