-- A picture that is still to be drawn: what it shows, as JSON (bot/owed.c), '' for none.
ALTER TABLE outbox ADD COLUMN drawing TEXT NOT NULL DEFAULT '';
