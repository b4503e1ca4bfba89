"""Outside formats become records here; foreign field names live nowhere else."""
