-- Messages in a row in the other language than the person's; -1 once that one was suggested.
ALTER TABLE session ADD COLUMN other_lines INTEGER NOT NULL DEFAULT 0 CHECK (other_lines >= -1);
