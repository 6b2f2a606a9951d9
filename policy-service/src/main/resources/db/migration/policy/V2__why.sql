-- Why a version was drafted, and why something was asked for. Erased text leaves the view.

alter table policy_version add column comment text;
alter table approval_request add column comment text;
