-- Every registration pays for each index it has a row in, and a replay does for every event again: a
-- version stands in two now, and in the summary of positions.

-- Only an erasure looks for a position, and rows stand nearly in its order.
drop index card_position;
create index card_position on card using brin (position) with (pages_per_range = 32, autosummarize = on);

-- What has an owner is only listed under it.
drop index card_newest;
create index card_newest on card (workspace, kind, position desc)
  where kind not in ('version', 'dataset-version', 'evaluation', 'bias-evaluation');

-- The owner of a version is its model; evaluations are listed under versions.
drop index card_model;
create index card_model on card (model, kind, position desc)
  where kind not in ('version', 'dataset-version', 'evaluation', 'bias-evaluation');

-- The owner's id before all else: one comparison tells almost any two rows apart.
drop index card_number;
create unique index card_number on card (parent, number) where number is not null;

-- Versions are listed by their number.
drop index card_parent;
create index card_parent on card (parent, kind, position desc)
  where parent is not null and kind not in ('version', 'dataset-version');
