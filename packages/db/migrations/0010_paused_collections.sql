ALTER TABLE "collections" DROP CONSTRAINT "collections_status_known";
--> statement-breakpoint
ALTER TABLE "collections" ADD CONSTRAINT "collections_status_known" CHECK ("collections"."status" IN ('building', 'ready', 'paused', 'retired'));
