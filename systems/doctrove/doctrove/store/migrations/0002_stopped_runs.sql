-- A run that a person stopped is neither running nor failed. A killed one stays 'running' with an old updated_at.
alter table ingest_run drop constraint ingest_run_status_check;
alter table ingest_run add constraint ingest_run_status_check
    check (status in ('running', 'stopped', 'done', 'failed'));
