-- The core: who talks with us, what they answered, what we owe them.
-- Times are milliseconds since 1970-01-01 UTC. Ids are text made by the program or the platform;
-- order that matters has a column of its own (seq, ord), so it depends on neither clock nor rowid.

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    lang TEXT NOT NULL CHECK (lang IN ('ja', 'en')),
    greeted INTEGER NOT NULL DEFAULT 0 CHECK (greeted IN (0, 1)),
    created_ms INTEGER NOT NULL
) STRICT;

-- Everything about a person goes with the person.
CREATE TABLE identity (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    external_id TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (platform, workspace, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_person ON identity (person_id);

CREATE TABLE inbox (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    event_id TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (platform, workspace, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_received ON inbox (received_ms);

-- Forms exactly as they were asked; the same form never changes under its hash.
CREATE TABLE form_version (
    hash TEXT NOT NULL PRIMARY KEY,
    form_id TEXT NOT NULL,
    body TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

-- A form that somebody was asked cannot go: their answers would lose their meaning.
CREATE TABLE run (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    form_hash TEXT NOT NULL REFERENCES form_version (hash) ON DELETE RESTRICT,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'left')),
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    CHECK ((state = 'open') = (ended_ms IS NULL))
) STRICT;
CREATE INDEX run_person ON run (person_id);

CREATE TABLE answer (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    question_id TEXT NOT NULL,
    value TEXT NOT NULL CHECK (value <> ''),
    answered_ms INTEGER NOT NULL,
    PRIMARY KEY (run_id, question_id)
) STRICT, WITHOUT ROWID;

-- Every value an answer ever had; NULL where it was taken away.
CREATE TABLE answer_history (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    question_id TEXT NOT NULL,
    value TEXT CHECK (value <> ''),
    answered_ms INTEGER NOT NULL,
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

-- Phase and question mean nothing without their run: a session goes with its run, and the person
-- starts afresh, which is better than half a session.
CREATE TABLE session (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    run_id TEXT REFERENCES run (id) ON DELETE CASCADE,
    phase TEXT NOT NULL CHECK (phase IN ('none', 'asking', 'review', 'parked', 'done')),
    question_id TEXT NOT NULL,
    ticks TEXT NOT NULL,
    hinted INTEGER NOT NULL CHECK (hinted IN (0, 1)),
    misses INTEGER NOT NULL CHECK (misses >= 0),
    menu TEXT NOT NULL,
    menu_arg TEXT NOT NULL,
    last_event_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_run ON session (run_id);

-- The newest result is the one with the highest seq of the person. It outlives its run.
CREATE TABLE result (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    run_id TEXT REFERENCES run (id) ON DELETE SET NULL,
    persona TEXT NOT NULL CHECK (persona <> ''),
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX result_run ON result (run_id);

-- What we owe and, for some weeks, what we said. ord is the order of saying.
CREATE TABLE outbox (
    ord INTEGER NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    recipient TEXT NOT NULL,
    channel TEXT NOT NULL,
    text TEXT NOT NULL,
    choices TEXT NOT NULL,
    question TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'dead')),
    due_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    remote_id TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    CHECK ((state = 'pending') = (ended_ms IS NULL))
) STRICT;
CREATE INDEX outbox_person ON outbox (person_id);
-- Only what is pending, so that these two stay small however much was ever sent.
CREATE INDEX outbox_due ON outbox (due_ms, ord) WHERE state = 'pending';
CREATE INDEX outbox_conversation ON outbox (recipient, channel, ord) WHERE state = 'pending';
CREATE INDEX outbox_ended ON outbox (ended_ms) WHERE state <> 'pending';

-- lease_ms: claimed until then; 0 for never.
CREATE TABLE due_work (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    lease_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_work_due ON due_work (due_ms);
