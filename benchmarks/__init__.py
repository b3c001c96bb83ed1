"""Speed as ratios from one run, so that any machine can tell whether a change made the house slower."""
