"""What several test packages share: virtual time, a simulated organisation with our edges on it."""
