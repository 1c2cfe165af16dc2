"""The methods: choosing one, a page for each with its flow drawn, printed sheets and cards, and what people published."""
