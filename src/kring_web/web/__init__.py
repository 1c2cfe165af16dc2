"""What every page and endpoint stands on: the layout, colour and type, the built client, the manners of the JSON API."""
