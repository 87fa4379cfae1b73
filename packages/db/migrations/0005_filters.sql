-- Filters by equality ask this index; everything else is looked at item by item.
CREATE INDEX "items_payload" ON "items" USING gin ("payload" jsonb_path_ops);
--> statement-breakpoint
CREATE FUNCTION studio_phrase(content text) RETURNS tsquery
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT phraseto_tsquery('studio'::regconfig, translate(content, '/._@-–—', '       ')) $$;
--> statement-breakpoint
-- ISO 8601 dates and instants, UTC where no offset is given; null for any other text.
CREATE FUNCTION studio_instant(content text) RETURNS timestamptz
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
  AS $$
BEGIN
  IF content ~ '^\d{4}-\d{2}-\d{2}$' THEN RETURN (content || ' 00:00+00')::timestamptz; END IF;
  IF content ~ '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$' THEN RETURN (content || '+00')::timestamptz; END IF;
  IF content ~ '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)$' THEN RETURN content::timestamptz; END IF;
  RETURN NULL;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
  RETURN NULL;
END
$$;
