-- What platforms with buttons and pages of their own need.

-- Whether the person chose the language; those who are here already may have.
ALTER TABLE person ADD COLUMN lang_chosen INTEGER NOT NULL DEFAULT 1 CHECK (lang_chosen IN (0, 1));

-- What the platform says of somebody: id of the direct conversation, language, time zone; and a
-- hash of what the page of their own shows, '' where they never opened it.
ALTER TABLE identity ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN locale TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN tz TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN home TEXT NOT NULL DEFAULT '';

-- say: a message; settle: those that asked the question show this text from now on; home: the page
-- of their own; whisper: a message that only the recipient sees.
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT 'say'
    CHECK (kind IN ('say', 'settle', 'home', 'whisper'));
-- JSON: words to click, progress, table, chart.
ALTER TABLE outbox ADD COLUMN controls TEXT NOT NULL DEFAULT '';
-- The platform's id of the uploaded picture.
ALTER TABLE outbox ADD COLUMN file TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_asked ON outbox (recipient, question, ord) WHERE question <> '';
