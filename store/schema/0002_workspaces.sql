-- Chat servers: what is needed to find what was missed, to know what a reaction answers, and to
-- send nothing twice.

-- thread: the platform's id of the thread, '' for none. closes: a check mark may end the answer.
-- replaces: the message that shows this question already and is to be changed, '' for a new one.
ALTER TABLE outbox ADD COLUMN thread TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN closes INTEGER NOT NULL DEFAULT 0 CHECK (closes IN (0, 1));
ALTER TABLE outbox ADD COLUMN replaces TEXT NOT NULL DEFAULT '';
-- A PNG to be shown with the text, and what it shows in words.
ALTER TABLE outbox ADD COLUMN picture BLOB;
ALTER TABLE outbox ADD COLUMN picture_alt TEXT NOT NULL DEFAULT '';
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (platform, workspace, due_ms, ord) WHERE state = 'pending';
-- A conversation is a channel, or a person's direct one.
DROP INDEX outbox_conversation;
CREATE INDEX outbox_conversation
    ON outbox (CASE channel WHEN '' THEN recipient ELSE channel END, ord) WHERE state = 'pending';
CREATE INDEX outbox_remote ON outbox (remote_id) WHERE remote_id <> '';
CREATE INDEX outbox_question ON outbox (platform, workspace, created_ms) WHERE question <> '';

-- The first time a workspace was connected: what was written before is not ours to answer.
CREATE TABLE workspace (
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    first_ms INTEGER NOT NULL,
    PRIMARY KEY (platform, name)
) STRICT, WITHOUT ROWID;

-- How far each channel was read: everything up to this message was handled or is not for us.
CREATE TABLE channel_cursor (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    message_ms INTEGER NOT NULL,
    PRIMARY KEY (platform, workspace, channel)
) STRICT, WITHOUT ROWID;

-- Reactions to our messages as last seen. A change to what is known already is no event.
CREATE TABLE tick (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    message TEXT NOT NULL,
    external_id TEXT NOT NULL,
    mark TEXT NOT NULL,
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    changes INTEGER NOT NULL CHECK (changes > 0),
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (platform, workspace, message, external_id, mark)
) STRICT, WITHOUT ROWID;
CREATE INDEX tick_changed ON tick (changed_ms);
