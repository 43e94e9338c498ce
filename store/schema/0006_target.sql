-- The level that a person set as required of them for an item (T-001, K-001, S-001).
CREATE TABLE target (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
    set_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, item)
) STRICT, WITHOUT ROWID;
