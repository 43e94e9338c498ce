-- A picture that is still to be drawn: what it shows, as JSON (bot/paint/drawing_json.h), '' for
-- none.
ALTER TABLE outbox ADD COLUMN drawing TEXT NOT NULL DEFAULT '';

-- The name of a file handed over; '' for a picture.
ALTER TABLE outbox ADD COLUMN file_name TEXT NOT NULL DEFAULT '';
