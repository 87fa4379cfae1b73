CREATE EXTENSION IF NOT EXISTS vector;
--> statement-breakpoint
-- Words are stemmed, never dropped: a film may be called "It". Accents fold where the server has unaccent.
DO $$
BEGIN
  CREATE TEXT SEARCH DICTIONARY studio_stem (TEMPLATE = snowball, Language = english);
  CREATE TEXT SEARCH CONFIGURATION studio (COPY = pg_catalog.simple);
  IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'unaccent') THEN
    CREATE EXTENSION IF NOT EXISTS unaccent;
    ALTER TEXT SEARCH CONFIGURATION studio ALTER MAPPING
      FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
      WITH unaccent, studio_stem;
  ELSE
    ALTER TEXT SEARCH CONFIGURATION studio ALTER MAPPING
      FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
      WITH studio_stem;
  END IF;
END
$$;
--> statement-breakpoint
-- The parser reads "mr.robot" as a host and "action/comedy" as a file: punctuation becomes space first.
CREATE FUNCTION studio_words(content text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT to_tsvector('studio'::regconfig, translate(content, '/._@-–—', '       ')) $$;
