"""What every page and endpoint stands on: the layout, the built client's assets, the manners of the JSON API."""
