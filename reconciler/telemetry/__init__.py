"""How the program says what it does while it does it: logs. Results are the reports' business."""
