-- One person in several places: one-time codes that bring two together, and the place used last.

-- The highest among a person's is the one used last: an order that depends on no clock.
ALTER TABLE identity ADD COLUMN used INTEGER NOT NULL DEFAULT 0;

-- Of the code only a hash is kept, salted with the person's id, which is random. One a person.
CREATE TABLE link_code (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_code_made ON link_code (made_ms);

-- Codes that were wrong. Of the identity and not the person: nobody gets a new one by separating.
CREATE TABLE link_try (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    external_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    tried_ms INTEGER NOT NULL,
    PRIMARY KEY (platform, workspace, external_id, seq),
    FOREIGN KEY (platform, workspace, external_id)
        REFERENCES identity (platform, workspace, external_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX link_try_tried ON link_try (tried_ms);
