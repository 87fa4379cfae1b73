{{- /* Kinds of tasks by the role that runs them: packages/contracts/src/job.ts; a test compares. */ -}}
{{- define "studio.kinds" -}}
{
  "upsertion": ["deletion", "data_source_sync", "upsertion", "reindex"],
  "improvement": ["evaluation", "verification", "switch", "ranking_fit", "suggestion_learning", "category_fit", "improvement", "retention", "task_bulk", "projection", "golden_evaluation"],
  "inference": ["deployment", "model_deployment", "model_deletion", "retirement"],
  "fine-tuning": ["fine_tuning"]
}
{{- end }}
