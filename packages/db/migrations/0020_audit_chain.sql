ALTER TABLE "audit_log" ADD COLUMN "hash" text;
--> statement-breakpoint
-- SHA-256 over the hash of the row before and all that this one says; a unit separator stands between the fields.
CREATE FUNCTION audit_hash(previous text, entry audit_log) RETURNS text
  LANGUAGE sql STABLE
  AS $$
    SELECT encode(sha256(convert_to(concat_ws(chr(31),
      coalesce(previous, ''), entry.id::text, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
      entry.actor, entry.action, entry.subject, entry.detail::text), 'UTF8')), 'hex')
  $$;
--> statement-breakpoint
-- One writer at a time, and an id taken while the others wait: ids, commits and links come in one order.
CREATE FUNCTION link_audit_row() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(7214020);
    NEW.id := nextval(pg_get_serial_sequence('audit_log', 'id'));
    NEW.hash := audit_hash((SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1), NEW);
    RETURN NEW;
  END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_linked BEFORE INSERT ON "audit_log" FOR EACH ROW EXECUTE FUNCTION link_audit_row();
