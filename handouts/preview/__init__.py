"""What will be printed, shown in a browser while it is written."""
