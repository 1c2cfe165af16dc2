"""What every page and endpoint builds on: the layout, colours and type, the built client, the framework of the JSON API."""
