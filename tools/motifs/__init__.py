"""The line drawings: one file for each way of making a picture, one pen for them all."""
