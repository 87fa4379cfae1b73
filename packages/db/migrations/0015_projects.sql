ALTER TABLE "users" ADD COLUMN "project_roles" jsonb;
--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "project_roles" jsonb;
--> statement-breakpoint
CREATE TABLE "project" (
	"singleton" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"slug" text NOT NULL,
	CONSTRAINT "project_one_row" CHECK ("singleton")
);
