-- The registry view: one row an entity, emptied and replayed at will.
create table card (
  id          uuid    primary key,
  kind        text    not null,
  workspace   text    not null,
  name        text    collate "C",
  parent      uuid,
  model       uuid,
  number      integer,
  state       text,
  environment text,
  standing    text,
  position    bigint  not null,
  content     text    not null
);

create unique index card_name on card (workspace, kind, name) where name is not null;
create unique index card_number on card (workspace, kind, parent, number) where number is not null;
create unique index card_position on card (position);
create index card_newest on card (workspace, kind, position desc);
create index card_parent on card (workspace, kind, parent, position desc);
create index card_model on card (workspace, kind, model, position desc);
