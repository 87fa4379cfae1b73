-- A range of keys is put in the order of its scores without reading a phrase that is not chosen.
CREATE INDEX "suggestions_ranges" ON "suggestions" ("key", "score") WHERE "score" IS NOT NULL;
