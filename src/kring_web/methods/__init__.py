"""The methods for people: which one today, a page for each, its flow drawn, and paper for those who sit without screens."""
