"""The fault harness: every fault at every request, local write and pause, judged at every commit."""
