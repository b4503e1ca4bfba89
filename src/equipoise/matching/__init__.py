"""Rules meet a patient: which criteria are met, not met and unknown, and why."""
