-- The number of versions is read from the index of numbers. The card of a model or a dataset does not
-- count them: each registration rewrote it.
update card
   set content = regexp_replace(content, ',"versions":[0-9]+', '')
 where kind in ('model', 'dataset');
