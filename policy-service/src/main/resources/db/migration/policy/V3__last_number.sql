-- The number of a version is found by that of the last one, however many there are.
create index model_version_number on model_version (model, number);
drop index model_version_of_model;
