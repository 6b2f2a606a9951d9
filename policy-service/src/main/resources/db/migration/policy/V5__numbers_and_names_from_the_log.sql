-- A version's number and its model's name are read from the log when an approval is asked for: each
-- registration wrote a row for it.

alter table approval_request add column model uuid;
update approval_request r
   set model = v.model
  from model_version v
 where v.id = r.model_version;
drop table model_version, model;
create index approval_request_of_model on approval_request (model) where model is not null;
