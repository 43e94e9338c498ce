-- Whether there is anything below of the person, levels set as required included: most have
-- nothing, and need not be looked up.
ALTER TABLE person ADD COLUMN learns INTEGER NOT NULL DEFAULT 0 CHECK (learns IN (0, 1));
UPDATE person SET learns = 1 WHERE id IN (SELECT person_id FROM target);

-- What people say they can do, item by item (T-001, K-001, S-001). The row with the highest seq
-- counts, the others are the way there. NULL: they do not know.
CREATE TABLE level (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    seq INTEGER NOT NULL,
    level INTEGER CHECK (level BETWEEN 0 AND 4),
    corrects INTEGER NOT NULL CHECK (corrects IN (0, 1)), -- what was just said
    said_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, item, seq)
) STRICT, WITHOUT ROWID;

-- Who does it, where the person said so.
CREATE TABLE involvement (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how <> ''),
    set_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, item)
) STRICT, WITHOUT ROWID;

-- The questionnaire or self-assessment that gave way to the other one: the session has the one at
-- hand. It goes with its run.
CREATE TABLE aside (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    phase TEXT NOT NULL CHECK (phase IN ('asking', 'review', 'parked', 'done')),
    question_id TEXT NOT NULL,
    ticks TEXT NOT NULL,
    hinted INTEGER NOT NULL CHECK (hinted IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX aside_run ON aside (run_id);

-- The pace a person chose for learning.
CREATE TABLE pace (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    weekly_minutes INTEGER NOT NULL CHECK (weekly_minutes > 0),
    set_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A plan's steps, in the order shown. Days are counted from 1970-01-01 in the person's calendar.
CREATE TABLE plan_step (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    to_level INTEGER NOT NULL CHECK (to_level BETWEEN 1 AND 4),
    place INTEGER NOT NULL,
    resource TEXT NOT NULL, -- "" for none
    due_day INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'left')),
    set_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, item, to_level)
) STRICT, WITHOUT ROWID;
