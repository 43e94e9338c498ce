-- Frameworks taken in from files: each as a set, first staged row by row, then current at once. What
-- is neither staged nor current any more is swept away piece by piece.
CREATE TABLE import_set (
    id INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL CHECK (source IN ('nice', 'framework')),
    name TEXT NOT NULL,    -- of the document, as it says itself
    version TEXT NOT NULL, -- '' where it has none
    file TEXT NOT NULL,    -- what the file was called
    imported_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'staged' CHECK (state IN ('staged', 'current', 'old'))
) STRICT;
CREATE UNIQUE INDEX import_current ON import_set (source) WHERE state = 'current';

-- In the order of the file. Kinds: 'work_role', 'task', 'knowledge', 'skill'.
CREATE TABLE import_item (
    set_id INTEGER NOT NULL REFERENCES import_set (id),
    ord INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,  -- T0084, PD-WRL-001; '' where the file gives none
    title TEXT NOT NULL, -- '' for statements
    text TEXT NOT NULL,
    roles TEXT NOT NULL, -- codes or numbers of the roles it belongs to, with spaces between
    PRIMARY KEY (set_id, ord)
) STRICT, WITHOUT ROWID;
