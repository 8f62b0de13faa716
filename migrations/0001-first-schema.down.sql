-- Undoes 0001: dependents first.
DROP TABLE change, event, log_segment, log_stream, trial_report, metric_summary, metric_rollup, metric_chunk, metric_segment, metric_stream, metric_key,
  artifact, training_job, reclaim_tick, trial_lease, trial_param, trial, experiment_dataset, experiment, dataset_version, dataset,
  algorithm_version, algorithm, client_request, login_code, session, api_key, runner, resource_pool, membership, app_user,
  project, organization, installation;
